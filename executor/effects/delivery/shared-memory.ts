/** /dev/shm as we use it: a directory per user, if it is a tmpfs at all. */
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../../protocol/errors.ts';
import { openOwnedDirectory } from './owned-directory.ts';

export const SHARED_MEMORY_PATH = '/dev/shm';

/** statfs(2) */
const TMPFS_MAGIC = 0x01021994;
const RAMFS_MAGIC = 0x858458f6;

export interface MemoryFileSystem {
  readonly kind: 'tmpfs' | 'ramfs' | 'other';
  /** 0 where the file system knows no limit. */
  readonly totalBytes: number;
  readonly freeBytes: number;
}

export async function readMemoryFileSystem(path: string): Promise<MemoryFileSystem> {
  const { type, bsize, blocks, bavail } = await statfs(path);
  const kind = type === TMPFS_MAGIC ? 'tmpfs' : type === RAMFS_MAGIC ? 'ramfs' : 'other';
  return { kind, totalBytes: blocks * bsize, freeBytes: bavail * bsize };
}

/** Our own directory in shared memory, or what is wrong with it. */
export async function openSharedMemory(
  shmPath: string,
): Promise<{ readonly path: string } | { readonly problem: string }> {
  try {
    if ((await readMemoryFileSystem(shmPath)).kind !== 'tmpfs') return { problem: `${shmPath} is no tmpfs` };
  } catch (error) {
    return { problem: messageOf(error) };
  }
  const path = join(shmPath, `stevedore-u${process.getuid?.() ?? 0}`);
  const problem = await openOwnedDirectory(path);
  return problem === undefined ? { path } : { problem };
}
