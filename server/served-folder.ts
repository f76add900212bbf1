/** Keeps the register in step with a folder: what is in it is served, what has gone or changed is not. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactManifestEntry } from '../protocol/artifact.ts';
import { messageOf, StevedoreError } from '../protocol/errors.ts';
import { toFileIdentity } from './file-identity.ts';
import { describeFileProblem } from './file-problem.ts';
import type { Progress } from './progress.ts';
import { registerFile } from './register-file.ts';
import type { ArtifactRegister } from './register.ts';

export interface FolderObserver {
  readonly hashing: (path: string) => Progress;
  readonly added: (path: string, entry: ArtifactManifestEntry) => void;
  readonly removed: (path: string, entry: ArtifactManifestEntry) => void;
  /** A file that cannot be served, for now. */
  readonly failed: (path: string, problem: string) => void;
}

export interface ServedFolderOptions {
  readonly register: ArtifactRegister;
  readonly folder: string;
  /** Absolute paths that are never served: certificates lie there. */
  readonly excluded: readonly string[];
  readonly observer: FolderObserver;
  readonly signal: AbortSignal;
}

interface ServedFile {
  readonly identity: string;
  readonly entry: ArtifactManifestEntry;
}

export class ServedFolder {
  readonly #options: ServedFolderOptions;
  readonly #served = new Map<string, ServedFile>();
  /** What the scan before saw: a file that still grows differs from one scan to the next. */
  #seen = new Map<string, string>();

  constructor(options: ServedFolderOptions) {
    this.#options = options;
  }

  /** Serves all that is there. @throws StevedoreError ERR_SERVE_FOLDER, ERR_ARTIFACT_FILE */
  async open(): Promise<void> {
    try {
      this.#seen = await this.#list(this.#options.folder);
    } catch (cause) {
      const fields = { path: this.#options.folder, problem: describeFileProblem(cause) };
      throw new StevedoreError('ERR_SERVE_FOLDER', fields, { cause });
    }
    for (const [path, identity] of this.#seen) await this.#add(path, identity);
  }

  /** Takes up what came and rested since the last look, and drops what changed or went. */
  async rescan(): Promise<void> {
    const found = await this.#list(this.#options.folder);
    for (const [path, { identity }] of this.#served) {
      if (found.get(path) !== identity) this.#remove(path);
    }
    for (const [path, identity] of found) {
      if (this.#served.has(path) || this.#seen.get(path) !== identity) continue;
      await this.#add(path, identity).catch((error: unknown) => this.#fail(path, error));
    }
    this.#seen = found;
  }

  #fail(path: string, error: unknown): void {
    this.#options.signal.throwIfAborted();
    this.#options.observer.failed(path, messageOf(error));
  }

  async #add(path: string, identity: string): Promise<void> {
    const { register, observer, signal } = this.#options;
    const work = { class: 'public', progress: observer.hashing(path), signal } as const;
    const entry = await registerFile(register, path, work);
    this.#served.set(path, { identity, entry });
    observer.added(path, entry);
  }

  /** Another file of the same name and content is forgotten, too, and found again by the same scan. */
  #remove(path: string): void {
    const { entry } = this.#served.get(path) as ServedFile;
    this.#options.register.removeName(entry);
    for (const [other, file] of this.#served) {
      const isSame = file.entry.sha256 === entry.sha256 && file.entry.fileName === entry.fileName;
      if (isSame) this.#served.delete(other);
    }
    this.#options.observer.removed(path, entry);
  }

  async #list(folder: string): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const item of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, item.name);
      if (item.name.startsWith('.') || this.#options.excluded.includes(path)) continue;
      if (item.isDirectory())
        for (const [name, identity] of await this.#list(path)) found.set(name, identity);
      // It may go between the two looks.
      const stats = item.isFile() ? await lstat(path, { bigint: true }).catch(() => undefined) : undefined;
      if (stats?.isFile()) found.set(path, JSON.stringify(toFileIdentity(stats)));
    }
    return found;
  }
}
