/** Opens what an artifact's bytes lie in, and makes sure that they are still the ones its digest names. */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { StevedoreError } from '../protocol/errors.ts';
import { isSameFile, READ_FLAGS, toFileIdentity } from './file-identity.ts';
import type { ArtifactContent, RegisteredArtifact } from './register.ts';

type FileContent = Extract<ArtifactContent, { kind: 'file' }>;

export type OpenedArtifact =
  | { readonly kind: 'memory'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly handle: FileHandle; readonly confirm: () => Promise<void> };

interface Statable {
  stat(options: { bigint: true }): Promise<Parameters<typeof toFileIdentity>[0]>;
}

function toReadError(artifact: RegisteredArtifact, cause: unknown): StevedoreError {
  const { fileName, sha256 } = artifact.entry;
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
    return new StevedoreError('ERR_ARTIFACT_CHANGED', { fileName, sha256 }, { cause });
  }
  const problem = (cause as NodeJS.ErrnoException).code ?? 'it failed';
  return new StevedoreError('ERR_ARTIFACT_READ', { fileName, problem }, { cause });
}

async function confirmIdentity(artifact: RegisteredArtifact, content: FileContent, file: Statable) {
  const identity = toFileIdentity(await file.stat({ bigint: true }));
  if (isSameFile(identity, content.identity)) return;
  const { fileName, sha256 } = artifact.entry;
  const cause = new Error(`${content.path} has another size, time or inode`);
  throw new StevedoreError('ERR_ARTIFACT_CHANGED', { fileName, sha256 }, { cause });
}

async function openFile(artifact: RegisteredArtifact, content: FileContent): Promise<OpenedArtifact> {
  const handle = await open(content.path, READ_FLAGS);
  const confirm = () => confirmIdentity(artifact, content, handle);
  try {
    await confirm();
    return { kind: 'file', handle, confirm };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * The caller closes the handle.
 * @throws StevedoreError ERR_ARTIFACT_CHANGED, ERR_ARTIFACT_READ
 */
export async function openArtifactFile(artifact: RegisteredArtifact): Promise<OpenedArtifact> {
  const { content } = artifact;
  if (content.kind === 'memory') return content;
  try {
    if (content.bytes === undefined) return await openFile(artifact, content);
    await confirmIdentity(artifact, content, { stat: (options) => stat(content.path, options) });
    return { kind: 'memory', bytes: content.bytes };
  } catch (error) {
    throw error instanceof StevedoreError ? error : toReadError(artifact, error);
  }
}

/** @throws StevedoreError ERR_ARTIFACT_CHANGED, ERR_ARTIFACT_READ */
export async function confirmArtifact(artifact: RegisteredArtifact): Promise<void> {
  const opened = await openArtifactFile(artifact);
  if (opened.kind === 'file') await opened.handle.close();
}
