/** Directories of ours in places that others may write to as well. */
import { access, constants, lstat, mkdir, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { judgeDirectory } from '../../core/delivery/directory-trust.ts';
import { codeOf } from './disk-errors.ts';

const uid = (): number => process.getuid?.() ?? 0;

/**
 * Makes it, 0700, or takes the one that is there if it is ours alone. Links are not followed at the end of the path.
 * @returns what is wrong; undefined when it is ready for use.
 */
export async function openOwnedDirectory(path: string): Promise<string | undefined> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') return `${path} cannot be made (${codeOf(error) ?? String(error)})`;
  }
  const stat = await lstat(path);
  if (!stat.isDirectory()) return `${path} is no directory`;
  if (stat.uid !== uid()) return `${path} belongs to user ${stat.uid}`;
  if ((stat.mode & 0o077) !== 0) return `${path} is open to others (mode ${(stat.mode & 0o777).toString(8)})`;
  return undefined;
}

/** Every component up to `/`, after links are resolved; undefined when nobody else can tamper below. */
export async function judgeComponents(path: string): Promise<string | undefined> {
  const resolved = await realpath(path);
  for (let part = resolved; ; part = dirname(part)) {
    const stat = await lstat(part);
    const facts = { path: part, isDirectory: stat.isDirectory(), uid: stat.uid, mode: stat.mode };
    const problem = judgeDirectory(facts, uid());
    if (problem !== undefined || part === '/') return problem;
  }
}

export async function isWritable(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
