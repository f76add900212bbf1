/** What can be fetched, by digest and name. The only way from a request to bytes leads through here. */
import type { ArtifactManifestEntry } from '../protocol/artifact.ts';
import { checkFileName } from './artifact-format.ts';
import type { ArtifactAddress } from './artifact-path.ts';
import type { FileIdentity } from './file-identity.ts';

export type ArtifactContent =
  | { readonly kind: 'memory'; readonly bytes: Uint8Array }
  /** Served in place. `bytes` is a copy of a small file, sent instead of reading it while its identity holds. */
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly identity: FileIdentity;
      readonly bytes?: Uint8Array | undefined;
    };

export interface RegisteredArtifact {
  readonly entry: ArtifactManifestEntry;
  readonly content: ArtifactContent;
}

/** All copies of small files together. */
const KEPT_BYTES = 32 * 1024 * 1024;

export class ArtifactRegister {
  /** False: what is not found may still come. */
  isComplete = true;
  #keptBytes = 0;
  readonly #artifacts = new Map<string, Map<string, RegisteredArtifact>>();

  /**
   * Once secret, always secret: the same bytes under the same name never become public by a second registration.
   * @throws StevedoreError ERR_ARTIFACT_NAME
   */
  add(artifact: RegisteredArtifact): ArtifactManifestEntry {
    const { sha256 } = artifact.entry;
    const fileName = checkFileName(artifact.entry.fileName);
    const names = this.#artifacts.get(sha256) ?? new Map<string, RegisteredArtifact>();
    const wasSecret = names.get(fileName)?.entry.class === 'secret';
    const entry = wasSecret ? { ...artifact.entry, class: 'secret' as const } : artifact.entry;
    this.#release(names.get(fileName));
    names.set(fileName, { content: this.#keep(artifact.content), entry });
    this.#artifacts.set(sha256, names);
    return entry;
  }

  find(address: ArtifactAddress): RegisteredArtifact | undefined {
    return this.#artifacts.get(address.sha256)?.get(address.fileName);
  }

  /** Transfers under way go on. */
  remove(sha256: string): void {
    for (const artifact of this.#artifacts.get(sha256)?.values() ?? []) this.#release(artifact);
    this.#artifacts.delete(sha256);
  }

  removeName(address: ArtifactAddress): void {
    const names = this.#artifacts.get(address.sha256);
    this.#release(names?.get(address.fileName));
    names?.delete(address.fileName);
    if (names?.size === 0) this.#artifacts.delete(address.sha256);
  }

  /** Public artifacts by name, for people. */
  listPublic(): ArtifactManifestEntry[] {
    return [...this.#artifacts.values()]
      .flatMap((names) => [...names.values()])
      .map((artifact) => artifact.entry)
      .filter((entry) => entry.class === 'public')
      .sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
  }

  #keep(content: ArtifactContent): ArtifactContent {
    const copied = content.kind === 'file' ? (content.bytes?.length ?? 0) : 0;
    if (this.#keptBytes + copied > KEPT_BYTES) return { ...content, bytes: undefined } as ArtifactContent;
    this.#keptBytes += copied;
    return content;
  }

  #release(artifact: RegisteredArtifact | undefined): void {
    if (artifact?.content.kind === 'file') this.#keptBytes -= artifact.content.bytes?.length ?? 0;
  }
}
