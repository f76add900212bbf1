/** Runs a program to its end, line by line. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ProgramRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Every line of standard output and standard error. */
  readonly onLine: (line: string) => void;
}

/** The exit status; undefined when there is no such program; 128 and the signal's number are not told apart. */
export async function runProgram(run: ProgramRun): Promise<number | undefined> {
  run.signal.throwIfAborted();
  const child = spawn(run.command, run.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: run.environment ?? process.env,
    signal: run.signal,
  });
  const readers = [child.stdout, child.stderr].map((input) => createInterface({ input }));
  for (const reader of readers) reader.on('line', run.onLine);
  try {
    const [status] = (await once(child, 'close')) as [number | null];
    return status ?? 1;
  } catch (error) {
    run.signal.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The exit status and all lines of a short program. */
export async function readProgram(
  command: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly status: number | undefined; readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const onLine = (line: string) => void lines.push(line);
  return { status: await runProgram({ command, args, signal, onLine }), lines };
}
