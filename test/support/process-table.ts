/** What /proc says of processes, for tests that count and compare them. */
import { readFileSync, readdirSync } from 'node:fs';

export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  /** Clock ticks since boot. */
  readonly startTime: string;
  readonly commandLine: string;
  readonly environment: string;
}

function readOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

function readEntry(pid: number): ProcessEntry | undefined {
  const stat = readOf(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || fields[0] === 'Z') return undefined;
  return {
    pid,
    parentPid: Number(fields[1]),
    startTime: fields[19] ?? '',
    commandLine: readOf(pid, 'cmdline'),
    environment: readOf(pid, 'environ'),
  };
}

/** All that run now, zombies apart. */
export function listProcesses(): ProcessEntry[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((name) => readEntry(Number(name)) ?? []);
}

/** A process and everything that descends from it. */
export function listTree(root: number, processes: readonly ProcessEntry[] = listProcesses()): ProcessEntry[] {
  const own = processes.filter(({ pid }) => pid === root);
  const children = processes.filter(({ parentPid }) => parentPid === root);
  return [...own, ...children.flatMap(({ pid }) => listTree(pid, processes))];
}
