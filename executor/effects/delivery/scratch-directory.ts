/** Scratch: empty at the start of a task, gone at its end. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StevedoreError } from '../../../protocol/errors.ts';
import type { DirectorySpec } from '../../../protocol/launch-spec.ts';
import type { AgentRoot } from './agent-root.ts';
import { codeOf } from './disk-errors.ts';
import { type HeldDirectory, openHeldDirectory } from './held-directory.ts';

/**
 * An operator's directory gets a subdirectory of ours: what else lies in it is not ours to empty, and several clusters
 * may be given the same disk.
 * @throws StevedoreError ERR_DIRECTORY_UNUSABLE
 */
export async function openScratchDirectory(
  directory: DirectorySpec,
  root: AgentRoot,
  task: { readonly name: string; readonly signal: AbortSignal },
): Promise<HeldDirectory> {
  const parent = directory.path ?? root.path;
  const base = join(
    parent,
    `${directory.path === undefined ? '' : `stevedore-u${process.getuid?.() ?? 0}-`}scratch`,
  );
  try {
    if (directory.path !== undefined) await mkdir(directory.path, { recursive: true, mode: 0o700 });
    return await openHeldDirectory(base, `${task.name}-${directory.name}`, task.signal);
  } catch (error) {
    const problem = codeOf(error);
    if (error instanceof StevedoreError || problem === undefined) throw error;
    throw new StevedoreError('ERR_DIRECTORY_UNUSABLE', { directory: directory.name, path: parent, problem });
  }
}
