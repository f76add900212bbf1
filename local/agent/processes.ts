/** Processes as /proc tells them: who is alive, and who belongs to a container. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A pid alone may be given to another process later; with the start time it is unique. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In clock ticks since boot. */
  readonly startTime: number;
}

interface ProcessStat extends ProcessIdentity {
  readonly ppid: number;
  readonly session: number;
  readonly zombie: boolean;
}

/** What is known of a container's processes. */
export interface ContainerProcesses {
  readonly root: ProcessIdentity;
  readonly descendants: Map<number, ProcessIdentity>;
  readonly sandbox: string;
}

const ROUNDS = 50;
const ROUND_MS = 20;

/** Fields of /proc/PID/stat after the command's name, which may hold anything: proc(5). */
function readStat(pid: number): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, ppid, , session] = fields;
    return {
      pid,
      ppid: Number(ppid),
      session: Number(session),
      startTime: Number(fields[19]),
      zombie: state === 'Z' || state === 'X',
    };
  } catch {
    return undefined;
  }
}

function listProcesses(): ProcessStat[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => readStat(Number(pid)) ?? []);
}

/** The identity of a process that runs now. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid);
  return stat && { pid, startTime: stat.startTime };
}

export function isAlive(identity: ProcessIdentity): boolean {
  const stat = readStat(identity.pid);
  return stat !== undefined && stat.startTime === identity.startTime && !stat.zombie;
}

/** True if the process was started with this sandbox in its environment, which children inherit. */
function hasSandbox(pid: number, sandbox: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`MESOS_SANDBOX=${sandbox}`);
  } catch {
    return false;
  }
}

function isIn(known: ReadonlyMap<number, ProcessIdentity>, stat: ProcessStat): boolean {
  return known.get(stat.pid)?.startTime === stat.startTime;
}

/** Adds what descends from the executor now; what was seen once stays, though its parents may be gone. */
export function trackDescendants({ root, descendants }: ContainerProcesses): void {
  const all = listProcesses();
  const members = new Map(descendants).set(root.pid, root);
  for (let found = true; found; ) {
    const children = all.filter((stat) => !isIn(members, stat) && members.has(stat.ppid));
    for (const { pid, startTime } of children) members.set(pid, { pid, startTime });
    found = children.length > 0;
  }
  for (const [pid, identity] of members) descendants.set(pid, identity);
  for (const [pid, identity] of descendants)
    if (!all.some((stat) => stat.pid === pid && stat.startTime === identity.startTime))
      descendants.delete(pid);
}

/** Everything of the container that runs: descendants, the executor's session, and what carries its sandbox's name. */
function findMembers(container: ContainerProcesses): ProcessStat[] {
  trackDescendants(container);
  const { root, descendants, sandbox } = container;
  return listProcesses().filter(
    (stat) =>
      !stat.zombie &&
      stat.startTime >= root.startTime &&
      (isIn(descendants, stat) || stat.session === root.pid || hasSandbox(stat.pid, sandbox)),
  );
}

/** Kills all of a container, again and again until nothing is left: a fork may win a race once, not for ever. */
export async function killContainer(container: ContainerProcesses): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const members = findMembers(container);
    if (members.length === 0) return;
    for (const { pid } of members) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself meanwhile.
      }
    }
    await sleep(ROUND_MS);
  }
}
