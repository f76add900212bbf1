/** Tasks that run the fixture service, and executors as an agent starts them: own session, `stdout` and `stderr` files. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LaunchSpec, renderLaunchSpec } from '../../../protocol/launch-spec.ts';
import type { TaskInfo } from '../../../protocol/mesos/task.ts';
import type { FakeAgent } from './fake-agent.ts';

const FIXTURE = join(import.meta.dirname, '../../fixtures/service/fixture-service.mjs');
const UNDER_TEST = join(import.meta.dirname, 'executor-under-test.ts');

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export function makeSandbox(): string {
  return mkdtempSync(join(tmpdir(), 'stevedore-sandbox-'));
}

export function removeSandbox(sandbox: string): void {
  rmSync(sandbox, { recursive: true, force: true });
}

/** A spec that runs the fixture service with these arguments on this port. */
export function fixtureSpec(
  port: number,
  args: readonly string[],
  changes: Partial<LaunchSpec> = {},
): LaunchSpec {
  const argv = [process.execPath, FIXTURE, '--port', String(port), ...args];
  return {
    version: 1,
    cluster: 'test',
    service: 'fixture',
    component: 'node',
    instance: 'node-0',
    taskId: 't1',
    servers: [],
    trust: [],
    artifacts: [],
    files: [],
    directories: [],
    ports: { main: port },
    addresses: {},
    environment: { GREETING: 'from @{sandbox}' },
    prepare: [],
    command: { choices: [{ argv }] },
    readiness: { kind: 'tcp', host: '127.0.0.1', port, intervalMs: 50, timeoutMs: 1000, deadlineMs: 5000 },
    killGraceMs: 3000,
    ...changes,
  };
}

export function toTask(spec: LaunchSpec, taskId = spec.taskId): TaskInfo {
  return {
    name: 'fixture',
    task_id: { value: taskId },
    agent_id: { value: 'a1' },
    data: renderLaunchSpec(spec),
  };
}

export function agentEnvironment(agent: FakeAgent, sandbox: string): Record<string, string> {
  return {
    MESOS_FRAMEWORK_ID: 'f1',
    MESOS_EXECUTOR_ID: 'ex1',
    MESOS_AGENT_ENDPOINT: agent.endpoint,
    MESOS_SANDBOX: sandbox,
    MESOS_DIRECTORY: sandbox,
    MESOS_CHECKPOINT: '1',
    MESOS_RECOVERY_TIMEOUT: '15mins',
    MESOS_SUBSCRIPTION_BACKOFF_MAX: '0.2secs',
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: '5secs',
    MESOS_EXECUTOR_AUTHENTICATION_TOKEN: 'executor-token',
    PATH: '/usr/bin:/bin',
  };
}

export interface StartedExecutor {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  readonly output: (name: 'stdout' | 'stderr') => string;
}

/** Runs the executor's sources with a delivery that has nothing to fetch. */
export function startExecutor(sandbox: string, env: Record<string, string>): StartedExecutor {
  const [stdout, stderr] = ['stdout', 'stderr'].map((name) => openSync(join(sandbox, name), 'a'));
  const options = { cwd: sandbox, env, detached: true, stdio: ['ignore', stdout, stderr] as never };
  const child = spawn(process.execPath, [UNDER_TEST], options);
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return { child, exit, output: (name) => readFileSync(join(sandbox, name), 'utf8') };
}

/** A zombie that waits for its parent counts as ended. */
export function isAlive(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
}

/** For cleaning up after an executor that did not. */
export function forceGroup(pid: number | undefined): void {
  if (pid !== undefined && isAlive(pid)) process.kill(-pid, 'SIGKILL');
}

/** Returns at once for a process that never was. */
export async function untilGone(pid: number | undefined, timeoutMs = 6000): Promise<void> {
  if (pid === undefined) return;
  const deadline = performance.now() + timeoutMs;
  while (isAlive(pid)) {
    if (performance.now() > deadline) throw new Error(`process ${pid} is still there after ${timeoutMs} ms`);
    await sleep(20);
  }
}
