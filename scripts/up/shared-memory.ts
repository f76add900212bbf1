/** What executors leave in the shared memory of this machine: nothing but an empty directory, once the last has ended. */
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { userInfo } from 'node:os';

/** The mutex of directories that are held; see the executor's delivery. */
const MUTEX = '@lock';

/** Removes the directory that executors share, unless somebody still has something in it. */
export async function removeSharedMemory(path = `/dev/shm/stevedore-u${userInfo().uid}`): Promise<void> {
  try {
    for (const name of await readdir(path)) {
      const base = join(path, name);
      if ((await readdir(base)).every((entry) => entry === MUTEX)) await rm(base, { recursive: true });
    }
    await rmdir(path);
  } catch {
    // Not there, or in use: both are as they should be.
  }
}
