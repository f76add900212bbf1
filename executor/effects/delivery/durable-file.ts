/** Files that are either there as a whole or not at all, also after a power cut. */
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes names in a directory durable. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whoever writes holds the lock of this path's directory: the name of the part beside it is fixed. */
export async function writeDurably(path: string, content: string): Promise<void> {
  const part = `${path}.part`;
  const handle = await open(part, 'w', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, path);
  await syncPath(dirname(path));
}
