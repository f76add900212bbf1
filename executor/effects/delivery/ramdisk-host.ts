/** A ramdisk that clients on the host read too: the operator's tmpfs, in which we keep a directory per instance. */
import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { renderByteSize } from '../../../protocol/byte-size.ts';
import { messageOf, StevedoreError } from '../../../protocol/errors.ts';
import { codeOf } from './disk-errors.ts';
import type { Ramdisk } from './held-ramdisk.ts';
import { readMemoryFileSystem } from './shared-memory.ts';

/** @throws StevedoreError ERR_RAMDISK_HOST */
export async function openHostRamdisk(tmpfs: string, name: string, sizeBytes: number): Promise<Ramdisk> {
  const path = join(tmpfs, `stevedore-${name}`);
  const problem = await openIn(tmpfs, path, sizeBytes).catch((error: unknown) => messageOf(error));
  if (problem !== undefined)
    throw new StevedoreError('ERR_RAMDISK_HOST', { path: tmpfs, problem, size: renderByteSize(sizeBytes) });
  return { path, label: 'host', enter: [], release: async () => {} };
}

async function openIn(tmpfs: string, path: string, sizeBytes: number): Promise<string | undefined> {
  const { kind, totalBytes } = await readMemoryFileSystem(tmpfs);
  if (kind === 'other') return 'it is neither tmpfs nor ramfs';
  if (totalBytes > 0 && totalBytes < sizeBytes) return `it holds ${renderByteSize(totalBytes)} only`;
  return await openKept(path);
}

/** Others may read it, that is its purpose; nobody else may own it. */
async function openKept(path: string): Promise<string | undefined> {
  try {
    await mkdir(path, { mode: 0o755 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const stat = await lstat(path);
  if (stat.isDirectory() && stat.uid === process.getuid?.()) return undefined;
  return `${path} belongs to somebody else`;
}
