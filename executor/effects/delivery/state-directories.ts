/** The directories of a launch spec: state that outlives the task, and scratch that does not. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StevedoreError } from '../../../protocol/errors.ts';
import type { DirectorySpec, LaunchSpec } from '../../../protocol/launch-spec.ts';
import { toDirectoryName } from '../../core/delivery/directory-name.ts';
import { judgeState } from '../../core/delivery/formatted-state.ts';
import type { AgentRoot } from './agent-root.ts';
import { codeOf } from './disk-errors.ts';
import { syncPath } from './durable-file.ts';
import { FileLock } from './file-lock.ts';
import { FormatMark } from './format-mark.ts';
import { isWritable } from './owned-directory.ts';
import { persistTree } from './tree-persistence.ts';
import { emptyDirectory, readContent } from './tree-removal.ts';
import { isInVolume, locateInVolume } from './volume-directory.ts';

/** A former executor of the same instance gets this long to end. */
const FORMER_TASK_MS = 60_000;

/** What the paths of directories are relative to. */
export interface DirectoryPlaces {
  readonly root: AgentRoot;
  readonly sandbox: string;
}

export interface StateDirectory {
  readonly name: string;
  readonly path: string;
  readonly unformatted: boolean;
  readonly mark: FormatMark;
}

/** The directory of one instance in the state root. */
function toInstancePath(root: AgentRoot, spec: LaunchSpec): string {
  return join(root.path, 'state', toDirectoryName(spec.cluster), toDirectoryName(spec.instance));
}

/**
 * Held while the task runs: two executors never write the same state.
 * @throws StevedoreError ERR_INSTANCE_RUNNING
 */
export async function lockInstance(
  root: AgentRoot,
  spec: LaunchSpec,
  task: { readonly signal: AbortSignal; readonly log: (line: string) => void },
): Promise<FileLock> {
  const { signal, log } = task;
  const path = `${toInstancePath(root, spec)}.lock`;
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  const limit = AbortSignal.timeout(FORMER_TASK_MS);
  try {
    return await FileLock.wait(path, 'exclusive', {
      signal: AbortSignal.any([signal, limit]),
      onWait: () => log(`waits for the former executor of ${spec.instance} to end`),
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.aborted) throw error;
    const { cluster, instance } = spec;
    throw new StevedoreError('ERR_INSTANCE_RUNNING', { cluster, instance, path });
  }
}

/**
 * Opens one directory of kind `state`; an interrupted format is undone, so that it can begin again.
 * @throws StevedoreError ERR_STATE_LOST, ERR_STATE_ROOT_MISSING, ERR_DIRECTORY_UNUSABLE, ERR_VOLUME_MISSING
 */
export async function openStateDirectory(
  directory: DirectorySpec,
  { root, sandbox }: DirectoryPlaces,
  spec: LaunchSpec,
): Promise<StateDirectory> {
  const own = join(toInstancePath(root, spec), directory.name);
  const path = isInVolume(directory)
    ? await locateInVolume(directory, sandbox)
    : toStatePath(directory, root, own);
  try {
    return await openAt(path, { directory, spec, mark: new FormatMark(path, `${own}.formatting`) });
  } catch (error) {
    const problem = codeOf(error);
    if (error instanceof StevedoreError || problem === undefined) throw error;
    throw new StevedoreError(
      'ERR_DIRECTORY_UNUSABLE',
      { directory: directory.name, path, problem },
      { cause: error },
    );
  }
}

function toStatePath(directory: DirectorySpec, root: AgentRoot, own: string): string {
  const { name, path } = directory;
  if (path !== undefined && !path.startsWith('/'))
    throw new StevedoreError('ERR_DIRECTORY_UNUSABLE', {
      directory: name,
      path,
      problem: 'it is no absolute path',
    });
  if (path !== undefined) return path;
  if (root.durable) return own;
  throw new StevedoreError('ERR_STATE_ROOT_MISSING', {
    what: `the ${name}`,
    problem: 'neither /var/lib/stevedore nor /var/tmp can be used',
    uid: process.getuid?.() ?? 0,
  });
}

async function openAt(
  path: string,
  { directory, spec, mark }: { directory: DirectorySpec; spec: LaunchSpec; mark: FormatMark },
): Promise<StateDirectory> {
  const { name, formatted } = directory;
  const verdict = judgeState({ formatted, empty: await isEmpty(path), interrupted: await mark.isSet() });
  if (verdict === 'lost') {
    const { cluster, instance } = spec;
    throw new StevedoreError('ERR_STATE_LOST', { directory: name, cluster, instance, path });
  }
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (!(await isWritable(path)))
    throw new StevedoreError('ERR_DIRECTORY_UNUSABLE', {
      directory: name,
      path,
      problem: 'it is not writable',
    });
  if (verdict === 'restart') await emptyDirectory(path);
  // A mark that outlived a format which our store knows to be done would wipe live state one day.
  if (formatted === true) await mark.clear();
  return { name, path, mark, unformatted: verdict === 'empty' || verdict === 'restart' };
}

async function isEmpty(path: string): Promise<boolean> {
  try {
    return (await readContent(path)).length === 0;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true;
    throw error;
  }
}

/** What the format command wrote is on disk before the mark goes. */
export async function finishFormat(state: StateDirectory, signal: AbortSignal): Promise<void> {
  await persistTree(state.path, signal);
  await syncPath(join(state.path, '..'));
  await state.mark.clear();
}
