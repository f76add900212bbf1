/** Errors of the file system in words that say what to do. */
import { statfs } from 'node:fs/promises';
import { renderByteSize } from '../../../protocol/byte-size.ts';
import { StevedoreError } from '../../../protocol/errors.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT']);

export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** True of what the operating system says of a file, as against what a parser says of its content. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/**
 * A full disk becomes ERR_DISK_FULL with the path and what is free; everything else stays as it is. `near`: a place on the
 * same file system, for an error that names no path of its own.
 */
export async function explainDiskError(error: unknown, near: string): Promise<unknown> {
  if (!FULL.has(codeOf(error) ?? '')) return error;
  const path = (error as NodeJS.ErrnoException).path ?? near;
  return new StevedoreError('ERR_DISK_FULL', { path, free: await readFree(near) }, { cause: error });
}

async function readFree(path: string): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(path);
    return `${renderByteSize(bavail * bsize)} (${bavail * bsize} bytes)`;
  } catch {
    return 'an unknown amount';
  }
}
