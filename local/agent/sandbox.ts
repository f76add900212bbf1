/** Where a container's files lie, and whose they are. */
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';

export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/** Ids of a user of this machine; undefined for one that it does not have. */
function findUser(name: string): UserIds | undefined {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const fields = lines.map((line) => line.split(':')).find(([user]) => user === name);
  return fields && { uid: Number(fields[2]), gid: Number(fields[3]) };
}

/**
 * The ids that a container's processes get. Undefined when the agent is not root: then it cannot change users.
 * @throws Error with Mesos' text when there is no such user.
 */
export function resolveUser(name: string): UserIds | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const ids = findUser(name);
  if (ids === undefined) throw new Error(`Failed to get user '${name}': No such user`);
  return ids;
}

export interface SandboxPlace {
  readonly workDir: string;
  readonly agentId: string;
  readonly frameworkId: string;
  readonly executorId: string;
  readonly containerId: string;
}

export function renderSandboxPath(place: SandboxPlace): string {
  const executor = path.join('frameworks', place.frameworkId, 'executors', place.executorId);
  return path.join(place.workDir, 'slaves', place.agentId, executor, 'runs', place.containerId);
}

/** The directory with mode 0750, the `latest` link beside it, and empty `stdout` and `stderr`. */
export function createSandbox(directory: string, ids: UserIds | undefined): void {
  const latest = path.join(path.dirname(directory), 'latest');
  mkdirSync(directory, { recursive: true });
  rmSync(latest, { force: true });
  symlinkSync(directory, latest);
  for (const name of ['stdout', 'stderr']) closeSync(openSync(path.join(directory, name), 'w', 0o644));
  chmodSync(directory, 0o750);
  if (ids === undefined) return;
  for (const name of ['', 'stdout', 'stderr']) chownSync(path.join(directory, name), ids.uid, ids.gid);
}
