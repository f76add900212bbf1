/** Starts a container: sandbox, fetching, process. The agent only watches it: it outlives the agent. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandInfo } from '../../protocol/mesos/task.ts';
import { type FetchInfo, findUriProblem } from '../fetcher/fetch-item.ts';
import type { FetcherCache, FetchPlan } from './fetcher-cache.ts';
import type { UserIds } from './sandbox.ts';

/** The local Mesos' own command line, as `node entry.ts WORD`. */
export const ENTRY = fileURLToPath(new URL('../entry.ts', import.meta.url));

const STALL_NANOSECONDS = 60_000_000_000;
/** What waitpid gives for a program that cannot be executed, as recorded. */
const NOT_EXECUTED = 256_256;

export interface ContainerSpec {
  readonly containerId: string;
  readonly directory: string;
  readonly user: string;
  readonly ids: UserIds | undefined;
  readonly command: CommandInfo;
  readonly environment: Readonly<Record<string, string>>;
  /** Run instead of the command: the agent's own executor. */
  readonly program: readonly string[] | undefined;
}

/** A container that did not start. */
class LaunchError extends Error {}

function openOutputs(directory: string): { stdout: number; stderr: number; close(): void } {
  const [stdout, stderr] = ['stdout', 'stderr'].map((name) => openSync(path.join(directory, name), 'a')) as [
    number,
    number,
  ];
  const close = (): void => {
    closeSync(stdout);
    closeSync(stderr);
  };
  return { stdout, stderr, close };
}

/** Exit code or signal as waitpid tells it. */
function renderWaitStatus(code: number | null, signal: number): number {
  return code === null ? signal : code * 256;
}

function signalNumber(name: NodeJS.Signals | null): number {
  return name === null ? 0 : constants.signals[name];
}

async function runFetcher(spec: ContainerSpec, plan: FetchPlan, signal: AbortSignal): Promise<boolean> {
  const info: FetchInfo = {
    cache_directory: plan.directory,
    items: plan.items,
    sandbox_directory: spec.directory,
    stall_timeout: { nanoseconds: STALL_NANOSECONDS },
    user: spec.user,
  };
  const outputs = openOutputs(spec.directory);
  const fetcher = spawn(process.execPath, [ENTRY, 'fetch'], {
    cwd: spec.directory,
    stdio: ['pipe', outputs.stdout, outputs.stderr],
    signal,
    killSignal: 'SIGKILL',
    ...spec.ids,
  });
  outputs.close();
  const done = waitFor(fetcher);
  fetcher.stdin?.on('error', () => fetcher.kill('SIGKILL')).end(JSON.stringify(info));
  return (await done) === 0;
}

/** Wait status of a child, also when it could not be started. */
async function waitFor(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(NOT_EXECUTED));
    child.once('exit', (code, name) => resolve(renderWaitStatus(code, signalNumber(name))));
  });
}

/**
 * Brings the command's URIs into the sandbox.
 * @throws LaunchError
 */
export async function fetchUris(
  spec: ContainerSpec,
  cache: FetcherCache,
  signal: AbortSignal,
): Promise<void> {
  const uris = [...new Map((spec.command.uris ?? []).map((uri) => [JSON.stringify(uri), uri])).values()];
  const problem = uris.map(findUriProblem).find(Boolean);
  if (problem !== undefined) throw new LaunchError(`Could not fetch: ${problem}`);
  if (uris.length === 0) return;
  const plan = await cache.plan(uris, spec.user, spec.ids);
  let succeeded = false;
  try {
    succeeded = await runFetcher(spec, plan, signal);
  } finally {
    plan.release(succeeded);
  }
  if (!succeeded)
    throw new LaunchError(
      `Failed to fetch all URIs for container '${spec.containerId}': exited with status 1`,
    );
}

function argvOf({ command, program }: ContainerSpec): readonly string[] {
  if (program !== undefined) return program;
  if (command.shell !== false) return ['/bin/sh', '-c', command.value ?? ''];
  return [command.value ?? '', ...(command.arguments ?? []).slice(1)];
}

export interface StartedProcess {
  /** Undefined when the program could not be executed. */
  readonly pid: number | undefined;
  /** Wait status. */
  readonly ended: Promise<number>;
}

/** In a session of its own, its output in the sandbox's files. */
export function startProcess(spec: ContainerSpec): StartedProcess {
  const [file, ...args] = argvOf(spec) as [string, ...string[]];
  const named =
    spec.program === undefined && spec.command.shell === false ? spec.command.arguments?.[0] : undefined;
  const outputs = openOutputs(spec.directory);
  const child = spawn(file, args, {
    cwd: spec.directory,
    env: { ...spec.environment },
    detached: true,
    stdio: ['ignore', outputs.stdout, outputs.stderr],
    ...(named === undefined ? {} : { argv0: named }),
    ...spec.ids,
  });
  outputs.close();
  child.unref();
  return { pid: child.pid, ended: waitFor(child) };
}
