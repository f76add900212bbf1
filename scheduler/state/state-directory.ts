/** The directory of one scheduler: private, outlives a task, and used by one scheduler at a time. */
import { chmodSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';

/** Checks what may be checked before anything is written. @throws StevedoreError ERR_STATE_IN_SANDBOX */
function refuseSandbox(directory: string, environment: Readonly<NodeJS.ProcessEnv>): void {
  for (const sandbox of [environment.MESOS_SANDBOX, environment.MESOS_DIRECTORY]) {
    if (sandbox === undefined || sandbox === '') continue;
    const inside = `${resolve(directory)}${sep}`.startsWith(`${resolve(sandbox)}${sep}`);
    if (inside) throw new StevedoreError('ERR_STATE_IN_SANDBOX', { directory, sandbox });
  }
}

/** Private, for what may be lost with it: sockets, artifacts. Returns its real path. @throws StevedoreError ERR_STATE_DIRECTORY */
export function prepareWorkDirectory(directory: string): string {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o700);
    return realpathSync(directory);
  } catch (error) {
    throw new StevedoreError(
      'ERR_STATE_DIRECTORY',
      { directory, problem: messageOf(error) },
      { cause: error },
    );
  }
}

/** For what must survive. Returns its real path. @throws StevedoreError ERR_STATE_DIRECTORY, ERR_STATE_IN_SANDBOX */
export function prepareStateDirectory(
  directory: string,
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
): string {
  refuseSandbox(directory, environment);
  const real = prepareWorkDirectory(directory);
  refuseSandbox(real, environment);
  return real;
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}

export interface DirectoryLock {
  release(): void;
}

/** Locks in force: a database that nobody refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<DatabaseSync>();

/**
 * An exclusive SQLite transaction: the kernel drops its file lock with the process, however that ends. The pid stands
 * in a file beside it, for the message only.
 * @throws StevedoreError ERR_STATE_LOCKED
 */
export function lockStateDirectory(directory: string): DirectoryLock {
  const holderPath = join(directory, 'scheduler.pid');
  const lock = new DatabaseSync(join(directory, 'lock.sqlite'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!/locked|busy/i.test(messageOf(error)))
      throw new StevedoreError(
        'ERR_STATE_DIRECTORY',
        { directory, problem: messageOf(error) },
        { cause: error },
      );
    const pid = readHolder(holderPath);
    throw new StevedoreError('ERR_STATE_LOCKED', { directory, pid }, { cause: error });
  }
  writeFileSync(holderPath, `${process.pid}\n`, { mode: 0o600 });
  held.add(lock);
  return { release: () => void (held.delete(lock) && lock.close()) };
}
