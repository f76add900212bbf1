/** Registers a file that is served where it lies. */
import { basename } from 'node:path';
import type { ArtifactClass, ArtifactFormat, ArtifactManifestEntry } from '../protocol/artifact.ts';
import { StevedoreError } from '../protocol/errors.ts';
import { checkFileName, formatOf } from './artifact-format.ts';
import { digestFile } from './file-digest.ts';
import type { WorkOptions } from './progress.ts';
import type { ArtifactRegister } from './register.ts';

export interface FileOptions extends WorkOptions {
  readonly class: ArtifactClass;
  readonly format?: ArtifactFormat | undefined;
  readonly fileName?: string | undefined;
}

/**
 * `expected` refuses a file of another digest before it is registered.
 * @throws StevedoreError ERR_ARTIFACT_FILE, ERR_ARTIFACT_NAME, ERR_UPSTREAM_DIGEST; the signal's reason
 */
export async function registerFile(
  register: ArtifactRegister,
  path: string,
  options: FileOptions & { readonly expected?: string | undefined },
): Promise<ArtifactManifestEntry> {
  const fileName = checkFileName(options.fileName ?? basename(path));
  const { sha256, identity, bytes } = await digestFile(path, options);
  const { expected = sha256, format = formatOf(fileName) } = options;
  if (expected !== sha256) {
    throw new StevedoreError('ERR_UPSTREAM_DIGEST', { url: `file://${path}`, expected, actual: sha256 });
  }
  const entry = { sha256, sizeBytes: identity.sizeBytes, fileName, class: options.class, format };
  return register.add({ entry, content: { kind: 'file', path, identity, bytes } });
}
