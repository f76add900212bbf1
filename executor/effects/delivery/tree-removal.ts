/** Removes trees that are read-only, and what lies in directories that stay. */
import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './disk-errors.ts';

/** Nothing there is fine. Links are removed, never followed. */
export async function removeTree(path: string): Promise<void> {
  try {
    if ((await lstat(path)).isDirectory()) await openDirectories(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  await rm(path, { recursive: true, force: true });
}

/** Gives directories their write bit back, without which nobody but root can empty them. */
async function openDirectories(path: string): Promise<void> {
  await chmod(path, 0o700);
  for (const entry of await readdir(path, { withFileTypes: true }))
    if (entry.isDirectory()) await openDirectories(join(path, entry.name));
}

/** What a file system itself puts at its root. */
const OF_THE_FILE_SYSTEM = new Set(['lost+found']);

export async function readContent(path: string): Promise<string[]> {
  return (await readdir(path)).filter((name) => !OF_THE_FILE_SYSTEM.has(name));
}

export async function emptyDirectory(path: string): Promise<void> {
  for (const name of await readContent(path)) await removeTree(join(path, name));
}
