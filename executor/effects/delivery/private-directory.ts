/** The place for what nobody else may read: rendered configuration, overlays, keytabs. Never the sandbox. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StevedoreError } from '../../../protocol/errors.ts';
import type { AgentRoot } from './agent-root.ts';
import { openHeldDirectory } from './held-directory.ts';
import { openSharedMemory, SHARED_MEMORY_PATH } from './shared-memory.ts';

export interface PrivateDirectory {
  /** Rendered files: `@{config}`. */
  readonly config: string;
  /** Secret artifacts as they came. */
  readonly artifacts: string;
  readonly release: () => Promise<void>;
}

/** @throws StevedoreError ERR_STATE_ROOT_MISSING when there is neither a tmpfs nor a directory outside the sandbox. */
export async function openPrivateDirectory(
  root: AgentRoot,
  name: string,
  signal: AbortSignal,
): Promise<PrivateDirectory> {
  const held = await openHeldDirectory(await selectBase(root), name, signal);
  const config = join(held.path, 'config');
  const artifacts = join(held.path, 'artifacts');
  for (const path of [config, artifacts]) await mkdir(path, { mode: 0o700 });
  return { config, artifacts, release: held.release };
}

async function selectBase(root: AgentRoot): Promise<string> {
  const memory = await openSharedMemory(SHARED_MEMORY_PATH);
  if ('path' in memory) return join(memory.path, 'private');
  if (root.durable) return join(root.path, 'private');
  throw new StevedoreError('ERR_STATE_ROOT_MISSING', {
    what: "the task's private configuration",
    problem: memory.problem,
    uid: process.getuid?.() ?? 0,
  });
}
