/** A directory in a persistent volume: the agent shows the volume in the sandbox, as a link or as a mount. */
import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StevedoreError } from '../../../protocol/errors.ts';
import type { DirectorySpec } from '../../../protocol/launch-spec.ts';
import { codeOf } from './disk-errors.ts';

const SANDBOX = '@{sandbox}/';

export function isInVolume({ path }: DirectorySpec): boolean {
  return path?.startsWith(SANDBOX) === true;
}

/** The fifth field of a line is the mount point, with blanks as `\040`. */
async function isMountPoint(path: string): Promise<boolean> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  return lines.some((line) => line.split(' ')[4]?.replaceAll('\\040', ' ') === path);
}

/** Undefined when a volume is there. A plain directory of the sandbox would go with the task, and the state in it. */
async function findProblem(path: string): Promise<string | undefined> {
  try {
    const entry = await lstat(path);
    if (!(await stat(path)).isDirectory()) return 'it is no directory';
    if (entry.isSymbolicLink() || (await isMountPoint(await realpath(path)))) return undefined;
    return 'it is a directory of the sandbox itself, which goes with the task';
  } catch (error) {
    return `it is not there (${codeOf(error) ?? String(error)})`;
  }
}

/** A user who may write to the volume could lead us elsewhere by a link in it. */
async function refuseLink(directory: DirectorySpec, path: string): Promise<void> {
  const entry = await lstat(path).catch(() => undefined);
  if (entry === undefined || entry.isDirectory()) return;
  const problem = 'it is no directory of the volume itself';
  throw new StevedoreError('ERR_DIRECTORY_UNUSABLE', { directory: directory.name, path, problem });
}

/**
 * Where the directory lies for real: links in the sandbox go with the task, marks beside the state must not.
 * @throws StevedoreError ERR_VOLUME_MISSING, ERR_DIRECTORY_UNUSABLE
 */
export async function locateInVolume(directory: DirectorySpec, sandbox: string): Promise<string> {
  const [volume = '', ...rest] = (directory.path ?? '').slice(SANDBOX.length).split('/');
  const place = join(sandbox, volume);
  const isOutside = ['', '.', '..'].includes(volume) || rest.includes('..') || rest.length === 0;
  const problem = isOutside ? 'its path names no directory within a volume' : await findProblem(place);
  if (problem !== undefined)
    throw new StevedoreError('ERR_VOLUME_MISSING', { directory: directory.name, path: place, problem });
  const path = join(await realpath(place), ...rest);
  await refuseLink(directory, path);
  return path;
}
