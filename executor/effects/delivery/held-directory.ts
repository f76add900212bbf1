/**
 * Directories that live as long as their executor. Each has a lock beside it; whoever opens the next one removes those
 * whose owner has died. `@lock` of the base keeps opening and sweeping apart.
 */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StevedoreError } from '../../../protocol/errors.ts';
import { FileLock } from './file-lock.ts';
import { openOwnedDirectory } from './owned-directory.ts';
import { removeTree } from './tree-removal.ts';

/** No character of a name that `toDirectoryName` gives. */
const LOCK = '@lock';

export interface HeldDirectory {
  readonly path: string;
  /** Removes it. */
  readonly release: () => Promise<void>;
}

/**
 * Makes `<base>/<name>`, 0700 and empty. The parent of `base` exists.
 * @throws StevedoreError ERR_DIRECTORY_UNUSABLE
 */
export async function openHeldDirectory(
  base: string,
  name: string,
  signal: AbortSignal,
): Promise<HeldDirectory> {
  const problem = await openOwnedDirectory(base);
  if (problem !== undefined)
    throw new StevedoreError('ERR_DIRECTORY_UNUSABLE', { directory: name, path: base, problem });
  const mutex = await FileLock.wait(join(base, LOCK), 'exclusive', { signal });
  try {
    await sweep(base);
    return await openAlone(base, name);
  } finally {
    mutex.release();
  }
}

async function openAlone(base: string, name: string): Promise<HeldDirectory> {
  const path = join(base, name);
  const lockPath = `${path}${LOCK}`;
  const lock = FileLock.take(lockPath, 'exclusive');
  if (lock === undefined)
    throw new StevedoreError('ERR_DIRECTORY_UNUSABLE', {
      directory: name,
      path,
      problem: 'another executor of this task uses it',
    });
  await mkdir(path, { mode: 0o700 });
  return {
    path,
    release: async () => {
      await removeTree(path);
      await rm(lockPath, { force: true });
      lock.release();
    },
  };
}

/** Removes what belongs to nobody alive. */
async function sweep(base: string): Promise<void> {
  const names = new Set(
    (await readdir(base)).filter((name) => name !== LOCK).map((name) => name.replace(LOCK, '')),
  );
  for (const name of names) {
    const lockPath = join(base, `${name}${LOCK}`);
    const lock = FileLock.take(lockPath, 'exclusive');
    if (lock === undefined) continue;
    await removeTree(join(base, name));
    await rm(lockPath, { force: true });
    lock.release();
  }
}
