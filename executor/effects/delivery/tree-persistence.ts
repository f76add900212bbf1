/** Waits until every file of a tree is on the disk. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { syncPath } from './durable-file.ts';

/** One file at a time: the service that just starts has the disk first. */
export async function persistTree(path: string, signal: AbortSignal): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    signal.throwIfAborted();
    const below = join(path, entry.name);
    if (entry.isDirectory()) await persistTree(below, signal);
    else if (entry.isFile()) await syncPath(below);
  }
  await syncPath(path);
}
