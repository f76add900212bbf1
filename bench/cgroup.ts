/** A cgroup, of version 1 or 2, below the one that we run in: limits of the executor as an agent sets them. */
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResourceRequest } from '../scheduler/core/service-spec.ts';
import { undoAtExit } from './at-exit.ts';

export interface Cgroup {
  /** What was limited, and what could not be and why: goes into the result. */
  readonly description: string;
  /** Put before a command: a shell that enters the cgroup and becomes the command. */
  readonly enter: readonly [shell: string, ...string[]];
  /** Ends what still runs inside. */
  readonly remove: () => void;
}

interface Limit {
  readonly controller: 'memory' | 'cpu';
  readonly v1: readonly [file: string, value: number];
  readonly v2: readonly [file: string, value: number];
}

const ROOT = '/sys/fs/cgroup';
const ENTER = 'while [ "$1" != -- ]; do echo $$ >"$1" || exit; shift; done; shift; exec "$@"';

/** Mesos, too, makes shares of cpus, and no quota unless the operator wants one. */
function listLimits({ cpusMilli, memMiB }: ResourceRequest): readonly Limit[] {
  const bytes = memMiB * 1024 ** 2;
  const shares = Math.floor((cpusMilli / 1000) * 1024);
  const weight = Math.max(1, Math.round(cpusMilli / 10));
  return [
    { controller: 'memory', v1: ['memory.limit_in_bytes', bytes], v2: ['memory.max', bytes] },
    { controller: 'cpu', v1: ['cpu.shares', shares], v2: ['cpu.weight', weight] },
  ];
}

/** `4:memory:/a` is of version 1, `0::/a` of version 2. */
function locate(controller: string, cgroups: string): { version: 'v1' | 'v2'; parent: string } {
  const own = new RegExp(`^\\d+:(?:.*,)?${controller}(?:,.*)?:(.*)$`, 'm').exec(cgroups)?.[1];
  if (own !== undefined) return { version: 'v1', parent: join(ROOT, controller, own) };
  return { version: 'v2', parent: join(ROOT, /^0::(.*)$/m.exec(cgroups)?.[1] ?? '/') };
}

/** Gives the directory. The kernel refuses a file whose controller is not enabled there. */
function setLimit(limit: Limit, directories: Set<string>): string {
  const { version, parent } = locate(limit.controller, readFileSync('/proc/self/cgroup', 'utf8'));
  const directory = join(parent, `stevedore-bench-${process.pid}`);
  // In version 2 all limits are files of the same directory.
  if (!directories.has(directory)) mkdirSync(directory);
  directories.add(directory);
  const [file, value] = limit[version];
  writeFileSync(join(directory, file), String(value));
  return `${file} ${value}`;
}

function setLimits(limits: readonly Limit[], directories: Set<string>): string {
  const told = limits.map((limit) => {
    try {
      return setLimit(limit, directories);
    } catch (error) {
      return `no limit of ${limit.controller} (${(error as NodeJS.ErrnoException).code})`;
    }
  });
  return told.join(', ');
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function killMembers(directory: string): void {
  for (const pid of readFileSync(join(directory, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean))
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // Ended between the two.
    }
}

/** Busy until its last process has gone, so it is tried for 5 s. */
function removeDirectory(directory: string): void {
  for (let attempt = 1; ; attempt += 1)
    try {
      killMembers(directory);
      return rmdirSync(directory);
    } catch (error) {
      if (attempt === 100) throw error;
      pause(50);
    }
}

export function createCgroup(resources: ResourceRequest): Cgroup {
  const directories = new Set<string>();
  const remove = undoAtExit(() => directories.forEach(removeDirectory));
  const description = setLimits(listLimits(resources), directories);
  const members = [...directories].map((directory) => join(directory, 'cgroup.procs'));
  return { description, enter: ['/bin/sh', '-c', ENTER, 'sh', ...members, '--'], remove };
}
