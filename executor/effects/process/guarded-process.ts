/** Starts a program under the guard, and tells when its whole process group is gone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { StevedoreError } from '../../../protocol/errors.ts';
import { OutputTail } from '../../core/output-tail.ts';
import type { ProcessEnd } from '../../core/exit-explanation.ts';
import { type GuardOptions, renderGuardArguments } from './guard.ts';

export interface ProcessOptions extends GuardOptions {
  readonly cwd: string;
  readonly onOutput: (target: 'stdout' | 'stderr', chunk: Buffer) => void;
}

export interface GuardedProcess {
  /** Of the service itself, which leads its process group; undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Settles when no process of the group is left and all output has been taken; never rejects. */
  readonly ended: Promise<ProcessEnd>;
  /** Newest output, for a message. */
  readonly lastLines: () => readonly string[];
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** A process that left the group may keep an output pipe open for ever. */
const OUTPUT_LINGER_MS = 500;

type Exit = Pick<ProcessEnd, 'code' | 'signal' | 'problem'>;

async function exitOf(child: ChildProcess): Promise<Exit> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    return signal === null ? { code: code ?? 0 } : { signal };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

/** Collects what the guard says of limits, until the group is gone. */
async function readRefusal(report: Readable): Promise<string> {
  let text = '';
  for await (const chunk of report) text += chunk;
  return text.trim();
}

function explainRefusal(options: ProcessOptions, problem: string): Exit {
  const { openFiles, umask } = options;
  return { problem: new StevedoreError('ERR_LIMITS_REFUSED', { openFiles, umask, problem }).message };
}

function spawnGuard(options: ProcessOptions): ChildProcess {
  return spawn('/bin/sh', renderGuardArguments(options), {
    cwd: options.cwd,
    env: options.environment,
    // A session and process group of its own.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
}

function takeOutput(child: ChildProcess, options: ProcessOptions, tail: OutputTail): void {
  for (const target of ['stdout', 'stderr'] as const) {
    child[target]?.on('data', (chunk: Buffer) => {
      tail.push(chunk.toString('utf8'));
      options.onOutput(target, chunk);
    });
  }
}

/** In this order: the leader's exit, the rest of the group by ending the lease, the rest of the output. */
async function awaitEnd(child: ChildProcess, options: ProcessOptions): Promise<Exit> {
  const [, stdout, stderr, lease, report] = child.stdio as [null, Readable, Readable, Writable, Readable];
  lease.on('error', () => undefined);
  const refusal = readRefusal(report);
  const output = [once(stdout, 'close'), once(stderr, 'close')];
  const exit = await exitOf(child);
  lease.destroy();
  const refused = exit.problem === undefined ? await refusal : '';
  await Promise.race([Promise.all(output), sleep(OUTPUT_LINGER_MS, undefined, { ref: false })]);
  return refused === '' ? exit : explainRefusal(options, refused);
}

function signalGroup(pid: number | undefined, name: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // The group is gone already, which is what was wanted.
  }
}

export function startGuarded(options: ProcessOptions): GuardedProcess {
  const startedMs = performance.now();
  const tail = new OutputTail();
  const child = spawnGuard(options);
  takeOutput(child, options, tail);
  let over = false;
  const ended = awaitEnd(child, options).then((exit): ProcessEnd => {
    over = true;
    return { ...exit, ranMs: performance.now() - startedMs, lastLines: tail.lines };
  });
  return {
    pid: child.pid,
    ended,
    lastLines: () => tail.lines,
    signal: (name) => (over ? undefined : signalGroup(child.pid, name)),
  };
}
