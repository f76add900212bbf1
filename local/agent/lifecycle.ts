/** An executor from the first task that wants it to the end of its last process. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../protocol/errors.ts';
import type { ExecutorInfo, TaskInfo } from '../../protocol/mesos/task.ts';
import type { Agent } from './agent.ts';
import { type ContainerSpec, ENTRY, fetchUris, type StartedProcess, startProcess } from './container.ts';
import { renderEnvironment, renderMesosDuration, shutdownGraceMs } from './environment.ts';
import { identify, isAlive, killContainer } from './processes.ts';
import type { ExecutorRecord, FrameworkEntry } from './records.ts';
import { createSandbox, renderSandboxPath, resolveUser } from './sandbox.ts';

/** Wait status of a container that did not start. */
const LAUNCH_FAILED = 256;
const UNKNOWN_STATUS = -1;
const WATCH_MS = 250;

/** `task` is the first that wants it. */
export function createExecutor(
  agent: Agent,
  framework: FrameworkEntry,
  info: ExecutorInfo,
  task: TaskInfo,
): ExecutorRecord {
  const containerId = randomUUID();
  const place = { workDir: agent.options.workDir, agentId: agent.id ?? '', frameworkId: framework.id };
  const id = info.executor_id.value;
  const executor: ExecutorRecord = {
    frameworkId: framework.id,
    id,
    info,
    containerId,
    directory: renderSandboxPath({ ...place, executorId: id, containerId }),
    user: info.command?.user ?? framework.info.user,
    builtIn: task.executor === undefined,
    state: 'REGISTERING',
    process: undefined,
    descendants: new Map(),
    stream: undefined,
    tasks: new Map(),
    termination: undefined,
    abort: new AbortController(),
    timer: undefined,
  };
  framework.executors.set(id, executor);
  return executor;
}

function specOf(agent: Agent, framework: FrameworkEntry, executor: ExecutorRecord): ContainerSpec {
  const { ip, executorEnvironment } = agent.options;
  const place = {
    agentId: agent.id ?? '',
    ip,
    port: agent.port,
    frameworkId: framework.id,
    sandbox: executor.directory,
    checkpoint: framework.info.checkpoint ?? false,
    shutdownGraceMs: agent.options.shutdownGraceMs,
  };
  return {
    containerId: executor.containerId,
    directory: executor.directory,
    user: executor.user,
    ids: resolveUser(executor.user),
    command: executor.info.command ?? {},
    environment: renderEnvironment(executor.info, place, executorEnvironment),
    program: executor.builtIn ? [process.execPath, ENTRY, 'command-executor'] : undefined,
  };
}

async function start(
  agent: Agent,
  framework: FrameworkEntry,
  executor: ExecutorRecord,
): Promise<StartedProcess> {
  const spec = specOf(agent, framework, executor);
  createSandbox(executor.directory, spec.ids);
  agent.linkVolumes(executor);
  await fetchUris(spec, agent.fetcherCache, executor.abort.signal);
  executor.abort.signal.throwIfAborted();
  const started = startProcess(spec);
  const { pid } = started;
  executor.process = pid === undefined ? undefined : (identify(pid) ?? { pid, startTime: 0 });
  agent.checkpoint.saveExecutor(executor);
  return started;
}

/** Starts the executor; its registration timeout begins now, fetching included. */
export function launchExecutor(agent: Agent, framework: FrameworkEntry, executor: ExecutorRecord): void {
  const timeoutMs = agent.options.registrationTimeoutMs;
  executor.timer = setTimeout(() => {
    const message = `Executor did not register within ${renderMesosDuration(timeoutMs)}`;
    executor.termination ??= {
      state: 'TASK_FAILED',
      reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
      message,
    };
    void destroy(executor);
  }, timeoutMs);
  const launched = start(agent, framework, executor);
  launched.then(
    ({ ended }) => void ended.then((status) => end(agent, executor, status)),
    (error: unknown) => {
      const message = `Failed to launch container: ${messageOf(error)}`;
      executor.termination ??= { state: 'TASK_FAILED', reason: 'REASON_CONTAINER_LAUNCH_FAILED', message };
      agent.finish(executor, LAUNCH_FAILED);
    },
  );
}

/** The executor's own process ended: whatever it left behind ends too. */
async function end(agent: Agent, executor: ExecutorRecord, status: number): Promise<void> {
  await killAll(executor);
  agent.finish(executor, status);
}

async function killAll({ process: root, descendants, directory }: ExecutorRecord): Promise<void> {
  if (root !== undefined) await killContainer({ root, descendants, sandbox: directory });
}

/** Kills the container. For a child of ours its end is noticed as every other. */
export async function destroy(executor: ExecutorRecord): Promise<void> {
  if (executor.state === 'TERMINATED') return;
  executor.state = 'TERMINATING';
  executor.abort.abort();
  await killAll(executor);
}

/** Asks the executor to end and kills it after its grace. */
export function shutdownExecutor(agent: Agent, executor: ExecutorRecord): void {
  if (executor.state === 'TERMINATED' || executor.state === 'TERMINATING') return;
  executor.state = 'TERMINATING';
  clearTimeout(executor.timer);
  agent.sendEvent(executor, { type: 'SHUTDOWN' });
  const graceMs = shutdownGraceMs(executor.info, agent.options.shutdownGraceMs);
  executor.timer = setTimeout(() => void destroy(executor), graceMs);
}

/** Waits for an executor that a former agent process started; nobody tells us its status. */
export async function watchRecovered(
  agent: Agent,
  executor: ExecutorRecord,
  stop: AbortSignal,
): Promise<void> {
  while (executor.process !== undefined && isAlive(executor.process)) {
    if (stop.aborted) return;
    await sleep(WATCH_MS);
  }
  if (!stop.aborted) await end(agent, executor, UNKNOWN_STATUS);
}
