/** An agent that starts on a work directory that it had before: the same id, the same executors, no word about it to anybody. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from './agent.ts';
import type { SavedExecutor, SavedFramework } from './checkpoint.ts';
import { renderMesosDuration } from './environment.ts';
import { destroy, watchRecovered } from './lifecycle.ts';
import { partitionLost } from './partition.ts';
import { identify, isAlive, killContainer } from './processes.ts';
import type { ExecutorRecord, FrameworkEntry } from './records.ts';

function restoreExecutor(framework: FrameworkEntry, saved: SavedExecutor): ExecutorRecord {
  const executor: ExecutorRecord = {
    ...saved,
    frameworkId: framework.id,
    state: 'REGISTERING',
    process: saved.process,
    descendants: new Map(saved.descendants.map((identity) => [identity.pid, identity])),
    stream: undefined,
    tasks: new Map(saved.tasks.map((task) => [task.info.task_id.value, task])),
    termination: undefined,
    abort: new AbortController(),
    timer: undefined,
  };
  framework.executors.set(executor.id, executor);
  return executor;
}

/** Without checkpointing executors do not outlive their agent. */
async function abandon(agent: Agent, saved: SavedFramework): Promise<void> {
  for (const executor of saved.executors) {
    if (
      executor.process === undefined ||
      identify(executor.process.pid)?.startTime !== executor.process.startTime
    )
      continue;
    const descendants = new Map(executor.descendants.map((identity) => [identity.pid, identity]));
    await killContainer({ root: executor.process, descendants, sandbox: executor.directory });
  }
  agent.checkpoint.removeFramework(saved.id);
}

function restoreFramework(agent: Agent, saved: SavedFramework): ExecutorRecord[] {
  const { id, info } = saved;
  const empty = { executors: new Map(), updates: new Map(), finished: new Set<string>() };
  const framework: FrameworkEntry = { id, info, ...empty, terminating: false };
  agent.frameworks.set(saved.id, framework);
  for (const [taskId, pending] of Object.entries(saved.updates)) agent.queueOf(framework, taskId, pending);
  return saved.executors.map((executor) => restoreExecutor(framework, executor));
}

/** Executors that live but did not come back in time are ended. */
function giveUp(agent: Agent, executor: ExecutorRecord): void {
  const framework = agent.frameworks.get(executor.frameworkId);
  if (framework === undefined || executor.state !== 'REGISTERING') return;
  executor.termination = {
    state: partitionLost(framework.info, 'TASK_GONE'),
    reason: 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT',
    message: `Executor did not reregister within ${renderMesosDuration(agent.options.reregistrationTimeoutMs)}`,
  };
  void destroy(executor);
}

/** Waits for executors to subscribe again; afterwards the agent may register. */
export async function recover(agent: Agent, stop: AbortSignal): Promise<void> {
  const recovered: ExecutorRecord[] = [];
  for (const saved of agent.checkpoint.readFrameworks()) {
    if (saved.info.checkpoint === true) recovered.push(...restoreFramework(agent, saved));
    else await abandon(agent, saved);
  }
  const alive = recovered.some(({ process }) => process !== undefined && isAlive(process));
  if (alive)
    await sleep(agent.options.reregistrationTimeoutMs, undefined, { signal: stop }).catch(() => undefined);
  for (const executor of recovered) {
    if (executor.process !== undefined && isAlive(executor.process)) giveUp(agent, executor);
    void watchRecovered(agent, executor, stop);
  }
  agent.recovering = false;
}
