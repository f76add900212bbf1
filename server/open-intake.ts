/** Ways for artifacts into a server, and into the store of a server that is not open yet. */
import { resolve } from 'node:path';
import type { ArtifactClass, ArtifactManifestEntry } from '../protocol/artifact.ts';
import {
  addBytes,
  addDirectory,
  addUrl,
  type DirectoryOptions,
  type Intake,
  type UrlOptions,
} from './artifact-intake.ts';
import { ArtifactStore } from './artifact-store.ts';
import { DirectoryPacker } from './directory-packer.ts';
import type { Logger } from './logger.ts';
import { PullThrough } from './pull-through.ts';
import { type FileOptions, registerFile } from './register-file.ts';
import { ArtifactRegister } from './register.ts';

export interface ArtifactIntake {
  /** Served where it lies; once it changes it is refused, never served under the old digest. @throws ERR_ARTIFACT_FILE */
  addFile(path: string, options: FileOptions): Promise<ArtifactManifestEntry>;
  /** Kept in memory only. @throws ERR_ARTIFACT_NAME */
  addBytes(fileName: string, bytes: Uint8Array, artifactClass: ArtifactClass): ArtifactManifestEntry;
  /** Packed as a plain .tar, again only after a change. @throws ERR_DIRECTORY_* */
  addDirectory(path: string, options: DirectoryOptions): Promise<ArtifactManifestEntry>;
  /** http:, https: or file:. The upstream is asked once, also across restarts. @throws ERR_UPSTREAM_* */
  addUrl(url: string, options: UrlOptions): Promise<ArtifactManifestEntry>;
}

export interface IntakeOptions {
  readonly log: Logger;
  /** How long an upstream may send nothing, default 60 s. */
  readonly stallTimeoutMs?: number | undefined;
}

export function toArtifactIntake(intake: Intake): ArtifactIntake {
  const { register } = intake;
  return {
    addFile: (path, options) => registerFile(register, resolve(path), options),
    addBytes: (fileName, bytes, artifactClass) =>
      addBytes(register, bytes, { fileName, class: artifactClass }),
    addDirectory: (path, options) => addDirectory(intake, path, options),
    addUrl: (url, options) => addUrl(intake, url, options),
  };
}

export function createIntake(store: ArtifactStore, { log, stallTimeoutMs }: IntakeOptions): Intake {
  return {
    register: new ArtifactRegister(),
    packer: new DirectoryPacker(store, log),
    pullThrough: new PullThrough(store, log, stallTimeoutMs),
  };
}

/** Fills a store and serves nothing: a server that opens on it later finds what was packed and pulled. */
export async function openArtifactIntake(
  options: IntakeOptions & { readonly storeDirectory: string },
): Promise<ArtifactIntake & { close(): void }> {
  const intake = createIntake(await ArtifactStore.open(options.storeDirectory), options);
  const close = () => {
    intake.pullThrough.close();
    intake.packer.close();
  };
  return { ...toArtifactIntake(intake), close };
}
