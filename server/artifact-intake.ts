/** Ways into the register besides a plain file: bytes, URLs, directories. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ArtifactClass, ArtifactManifestEntry } from '../protocol/artifact.ts';
import { checkFileName, formatOf } from './artifact-format.ts';
import type { StoredArtifact } from './artifact-store.ts';
import type { DirectoryPacker, PackOptions } from './directory-packer.ts';
import type { WorkOptions } from './progress.ts';
import type { PullThrough } from './pull-through.ts';
import { registerFile } from './register-file.ts';
import type { ArtifactRegister } from './register.ts';
import { parseUpstream } from './upstream-url.ts';

export interface UrlOptions extends WorkOptions {
  /** Pins the content, as `#sha256=…` in the URL does. */
  readonly sha256?: string | undefined;
  readonly fileName?: string | undefined;
  /** Default public. */
  readonly class?: ArtifactClass | undefined;
}

export interface DirectoryOptions extends PackOptions {
  /** Default public. */
  readonly class?: ArtifactClass | undefined;
}

/** What artifacts are made with, and where they go. */
export interface Intake {
  readonly register: ArtifactRegister;
  readonly packer: DirectoryPacker;
  readonly pullThrough: PullThrough;
}

export interface Naming {
  readonly fileName: string;
  readonly class: ArtifactClass;
}

function addStored(register: ArtifactRegister, stored: StoredArtifact, named: Naming): ArtifactManifestEntry {
  const { sha256, path, identity } = stored;
  const entry = { ...named, sha256, sizeBytes: identity.sizeBytes, format: formatOf(named.fileName) };
  return register.add({ entry, content: { kind: 'file', path, identity } });
}

export function addBytes(
  register: ArtifactRegister,
  bytes: Uint8Array,
  named: Naming,
): ArtifactManifestEntry {
  // A copy, so that what the caller does to its bytes cannot change what the digest names.
  const copy = Uint8Array.from(bytes);
  const sha256 = createHash('sha256').update(copy).digest('hex');
  const entry = { ...named, sha256, sizeBytes: copy.length, format: formatOf(named.fileName) };
  return register.add({ entry, content: { kind: 'memory', bytes: copy } });
}

export async function addUrl(
  intake: Intake,
  url: string,
  options: UrlOptions,
): Promise<ArtifactManifestEntry> {
  const { class: artifactClass = 'public' } = options;
  const upstream = parseUpstream(url, options);
  const named = { fileName: checkFileName(upstream.fileName), class: artifactClass };
  if (upstream.isLocal) {
    const path = fileURLToPath(upstream.url);
    return registerFile(intake.register, path, { ...options, ...named, expected: upstream.sha256 });
  }
  return addStored(intake.register, await intake.pullThrough.pull(upstream, options), named);
}

export async function addDirectory(
  intake: Intake,
  path: string,
  options: DirectoryOptions,
): Promise<ArtifactManifestEntry> {
  const { class: artifactClass = 'public', topFolder } = options;
  const named = { fileName: checkFileName(`${topFolder}.tar`), class: artifactClass };
  return addStored(intake.register, await intake.packer.pack(resolve(path), options), named);
}
