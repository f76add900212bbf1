/** Starts a program under the guard, and tells when its whole process group is gone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, StevedoreError } from '../../../protocol/errors.ts';
import type { ProcessEnd } from '../../core/exit-explanation.ts';
import { OutputTail } from '../../core/output-tail.ts';
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
  /** To the whole group; nothing when it is gone. */
  readonly signal: (name: 'SIGTERM' | 'SIGKILL') => void;
}

/** A process that left the group may keep an output pipe open for ever. */
const OUTPUT_LINGER_MS = 500;

type Exit = Pick<ProcessEnd, 'code' | 'signal' | 'problem'>;

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
    const decoder = new StringDecoder('utf8');
    child[target]?.on('data', (chunk: Buffer) => {
      tail.push(decoder.write(chunk));
      options.onOutput(target, chunk);
    });
  }
}

async function exitOf(child: ChildProcess): Promise<Exit> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    return signal === null ? { code: code ?? 0 } : { signal };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** What the guard says of refused limits; it ends when nobody of the group holds the descriptor any more. */
async function readRefusal(report: Readable): Promise<string> {
  let text = '';
  for await (const chunk of report) text += chunk;
  return text.trim();
}

function whenClosed(stream: Readable): Promise<void> {
  return new Promise((resolve) => stream.once('close', () => resolve()));
}

function explainRefusal({ limits }: ProcessOptions, problem: string): Exit {
  const { openFiles = 'unset', umask = 'unset' } = limits;
  return { problem: new StevedoreError('ERR_LIMITS_REFUSED', { openFiles, umask, problem }).message };
}

/** In this order: the leader's exit, the rest of the group by ending the lease, the rest of the output. */
async function awaitEnd(child: ChildProcess, options: ProcessOptions): Promise<Exit> {
  const [, stdout, stderr, lease, report] = child.stdio as [null, Readable, Readable, Writable, Readable];
  const refusal = readRefusal(report).catch(messageOf);
  const output = Promise.all([whenClosed(stdout), whenClosed(stderr)]);
  const exit = await exitOf(child);
  lease.destroy();
  if (exit.problem !== undefined) return exit;
  const refused = await refusal;
  await Promise.race([output, sleep(OUTPUT_LINGER_MS, undefined, { ref: false })]);
  return refused === '' ? exit : explainRefusal(options, refused);
}

function signalGroup(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
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
  const { pid } = child;
  takeOutput(child, options, tail);
  let over = pid === undefined;
  const ended = awaitEnd(child, options).then((exit): ProcessEnd => {
    over = true;
    return { ...exit, ranMs: performance.now() - startedMs, lastLines: tail.lines };
  });
  const signal = (name: 'SIGTERM' | 'SIGKILL') => {
    if (!over && pid !== undefined) signalGroup(pid, name);
  };
  return { pid, ended, lastLines: () => tail.lines, signal };
}
