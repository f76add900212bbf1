/** The executor from the bundle of `build/`, and a plain process of Node as its peer, both as an agent starts them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extract } from 'tar';
import { BUNDLE_FOLDER } from '../protocol/bundle.ts';
import { messageOf } from '../protocol/errors.ts';
import { readBundle } from '../scheduler/bundle.ts';
import { FakeAgent } from '../test/integration/executor/fake-agent.ts';
import { agentEnvironment } from '../test/integration/executor/launch-fixture.ts';
import { undoAtExit } from './at-exit.ts';

const SUBSCRIBE_DEADLINE_MS = 30_000;

export interface AgentProcess {
  readonly pid: number;
  /** As `performance.now()`. */
  readonly startedAt: number;
  readonly agent: FakeAgent;
  readonly exit: Promise<unknown>;
  /** Fails when the process ends meanwhile, and then says what it wrote to stderr. */
  readonly expect: (awaited: Promise<unknown>) => Promise<void>;
}

/** The least that a program on Node can do; it stays while the answer's stream is open. */
const PEER_SOURCE = `
const [host, port] = process.env.MESOS_AGENT_ENDPOINT.split(':');
const headers = { 'Content-Type': 'application/json' };
const options = { host, port, method: 'POST', path: '/api/v1/executor', headers };
require('node:http').request(options, (response) => response.resume()).end(process.argv[1]);
`;
const SUBSCRIBE = JSON.stringify({
  type: 'SUBSCRIBE',
  framework_id: { value: 'f1' },
  executor_id: { value: 'ex1' },
  subscribe: { unacknowledged_tasks: [], unacknowledged_updates: [] },
});

export const PEER_ARGV = [process.execPath, '-e', PEER_SOURCE, SUBSCRIBE];

/** Gives the path of `run`. @throws StevedoreError ERR_BUNDLE_MISSING */
export async function unpackBundle(place: string): Promise<string> {
  const { archivePath } = await readBundle(join(import.meta.dirname, '../build'));
  await extract({ file: archivePath, cwd: place });
  return join(place, BUNDLE_FOLDER, 'run');
}

/** In a session of its own, with `stdout` and `stderr` in its sandbox. */
function spawnIn(sandbox: string, argv: readonly string[], env: Record<string, string>): ChildProcess {
  const files = ['stdout', 'stderr'].map((name) => openSync(join(sandbox, name), 'a'));
  const [command = '', ...rest] = argv;
  const child = spawn(command, rest, { cwd: sandbox, env, detached: true, stdio: ['ignore', ...files] });
  files.forEach((file) => closeSync(file));
  return child;
}

/** Rejects at the end of the process, as when the kernel ends it for want of memory. */
async function failAtExit(exit: Promise<unknown[]>): Promise<never> {
  const [code, signal] = await exit;
  throw new Error(`the process ended with ${String(signal ?? code)}`);
}

function watch(exit: Promise<unknown[]>, sandbox: string): AgentProcess['expect'] {
  return async (awaited) => {
    try {
      await Promise.race([awaited, failAtExit(exit)]);
    } catch (error) {
      const complaint = readFileSync(join(sandbox, 'stderr'), 'utf8').slice(-2000);
      throw new Error(`${messageOf(error)}\n${complaint}`, { cause: error });
    }
  };
}

function startProcess(argv: readonly string[], place: string, agent: FakeAgent) {
  const sandbox = mkdtempSync(join(place, 'sandbox-'));
  const environment = { ...agentEnvironment(agent, sandbox), STEVEDORE_AGENT_ROOT: join(place, 'agent') };
  const startedAt = performance.now();
  const child = spawnIn(sandbox, argv, environment);
  const exit = once(child, 'exit');
  const kill = undoAtExit(() => child.kill('SIGKILL'));
  return { pid: child.pid as number, startedAt, agent, exit, expect: watch(exit, sandbox), kill };
}

/** Runs `use` once the process has subscribed. Afterwards the process has ended. */
export async function withSubscribed<T>(
  argv: readonly string[],
  place: string,
  use: (started: AgentProcess) => Promise<T> | T,
): Promise<T> {
  const agent = await new FakeAgent().listen();
  const { kill, ...started } = startProcess(argv, place, agent);
  try {
    await started.expect(agent.until(() => agent.subscriptions[0], 'subscription', SUBSCRIBE_DEADLINE_MS));
    return await use(started);
  } finally {
    kill();
    await started.exit;
    await agent.close();
  }
}
