/** A program of ours that runs beside `up`: in a session of its own, so that Ctrl-C reaches `up` alone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { type ProcessIdentity, identifyProcess } from './process-identity.ts';
import { CHECKOUT } from './layout.ts';

const ENTRY = join(CHECKOUT, 'scripts/stevedore.ts');
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning'];

export interface ProgramOrder {
  /** Words of the command line: `local --agents=2`. */
  readonly words: readonly string[];
  readonly name: string;
  readonly logPath: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface RunningProgram {
  readonly identity: ProcessIdentity;
  readonly logPath: string;
  /** How it ended, in words. */
  readonly ended: Promise<string>;
}

/** Node and the words that run the command line of this checkout. */
export function commandLineOf(words: readonly string[]): readonly [string, readonly string[]] {
  return [process.execPath, [...NODE_FLAGS, ENTRY, ...words]];
}

async function describeEnd(child: ReturnType<typeof spawn>): Promise<string> {
  const [status, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal === null ? `exit status ${status}` : `signal ${signal}`;
}

/** Its output goes to a file of its own, so that it neither blocks nor dies when `up` does. */
export async function startProgram(order: ProgramOrder): Promise<RunningProgram> {
  await mkdir(dirname(order.logPath), { recursive: true });
  const log = await open(order.logPath, 'w');
  try {
    const [command, args] = commandLineOf(order.words);
    const child = spawn(command, args, {
      cwd: CHECKOUT,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: order.environment,
    });
    const ended = describeEnd(child);
    await once(child, 'spawn');
    const pid = child.pid as number;
    const identity = identifyProcess(order.name, pid) ?? { name: order.name, pid, startTime: 'ended' };
    return { identity, logPath: order.logPath, ended };
  } finally {
    await log.close();
  }
}

/** The end of a log, for the message about a failure. */
export async function readLastLines(path: string, count: number): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
