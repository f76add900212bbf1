/** Directories that are made once and are whole or absent, also after a crash or with two makers at a time. */
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Written last, inside; holds the key of what was made. */
const MARK = '.stevedore-complete';

/** Directories aside that nobody has touched for so long are left from a crash. */
const STALE_MS = 6 * 3600 * 1000;

export interface CachedDirectory {
  readonly path: string;
  /** Another key means that what is there is of another recipe. */
  readonly key: string;
  /** Fills an empty directory. */
  readonly make: (directory: string) => Promise<void>;
}

async function isComplete({ path, key }: CachedDirectory): Promise<boolean> {
  const mark = join(path, MARK);
  return existsSync(mark) && (await readFile(mark, 'utf8')).trim() === key;
}

async function removeStale(path: string, now: number): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.new-`)) continue;
    const aside = join(dirname(path), name);
    const { mtimeMs } = await stat(aside);
    if (now - mtimeMs > STALE_MS) await rm(aside, { recursive: true, force: true });
  }
}

/** False: something is there already. */
async function renameToAbsent(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}

/** Moved first: taken apart in place it could be another maker's, which came there meanwhile. */
async function moveAway(path: string): Promise<void> {
  const aside = await mkdtemp(`${path}.new-`);
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Puts the new one in place; when another maker was faster, theirs stays. */
async function publish(aside: string, wanted: CachedDirectory): Promise<void> {
  while (!(await isComplete(wanted)) && !(await renameToAbsent(aside, wanted.path)))
    await moveAway(wanted.path);
}

/** @returns true when it was made now, false when it was there. */
export async function makeDirectoryOnce(wanted: CachedDirectory): Promise<boolean> {
  if (await isComplete(wanted)) return false;
  await mkdir(dirname(wanted.path), { recursive: true });
  await removeStale(wanted.path, Date.now());
  const aside = await mkdtemp(`${wanted.path}.new-`);
  await chmod(aside, 0o755);
  try {
    await wanted.make(aside);
    await writeFile(join(aside, MARK), `${wanted.key}\n`);
    await publish(aside, wanted);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return true;
}
