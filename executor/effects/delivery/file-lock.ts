/**
 * A lock on a file that ends with its process, whatever kills it, and that counts across containers and namespaces.
 * Node has no flock; SQLite's locks are POSIX record locks, and it knows their traps. The database stays empty.
 */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const SQLITE_BUSY = 5;
const POLL_MS = 100;

const TAKE = {
  exclusive: 'BEGIN EXCLUSIVE',
  /** Reading makes a deferred transaction take its shared lock. */
  shared: 'BEGIN; SELECT count(*) FROM sqlite_master',
} as const;

export interface LockWait {
  readonly signal: AbortSignal;
  readonly onWait?: () => void;
}

export class FileLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Undefined when somebody else holds it. Never open or read the file in any other way: that would end the lock. */
  static take(path: string, kind: keyof typeof TAKE): FileLock | undefined {
    const database = new DatabaseSync(path, { timeout: 0 });
    try {
      database.exec(TAKE[kind]);
      return new FileLock(database);
    } catch (error) {
      database.close();
      if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
      throw error;
    }
  }

  /** Waits until it is free; `onWait` is told once, when it is not. Rejects when the signal is aborted. */
  static async wait(path: string, kind: keyof typeof TAKE, waiting: LockWait): Promise<FileLock> {
    const { signal, onWait } = waiting;
    for (let first = true; ; first = false) {
      signal.throwIfAborted();
      const lock = FileLock.take(path, kind);
      if (lock !== undefined) return lock;
      if (first) onWait?.();
      await sleep(POLL_MS, undefined, { signal });
    }
  }

  /** A second call does nothing. */
  release(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}
