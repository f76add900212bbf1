/** Words for what the file system refuses. */
import { messageOf } from '../protocol/errors.ts';

/** What went wrong with a local file, in a few words and without a repetition of its path. */
export function describeFileProblem(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'it does not exist',
    EACCES: 'this process may not read it',
    EPERM: 'this process may not read it',
    EISDIR: 'it is a directory',
    ENOTDIR: 'it, or a part of its path, is no directory',
    ELOOP: 'its symbolic links form a loop',
    ENOSPC: 'the disk is full',
    EROFS: 'the file system is read-only',
  };
  return known[code ?? ''] ?? messageOf(error);
}
