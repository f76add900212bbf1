/** Packs a directory once, and again only when it has changed. */
import { realpath, stat } from 'node:fs/promises';
import { StevedoreError } from '../protocol/errors.ts';
import type { ArtifactStore, StoredArtifact } from './artifact-store.ts';
import { type DirectoryTree, fingerprintTree, readDirectoryTree } from './directory-tree.ts';
import { describeFileProblem } from './file-problem.ts';
import type { Logger } from './logger.ts';
import type { WorkOptions } from './progress.ts';
import { SingleFlight } from './single-flight.ts';
import { writeTar } from './tar-writer.ts';

export interface PackOptions extends WorkOptions {
  /** The one folder in the archive that holds everything. */
  readonly topFolder: string;
  /** Relative paths that are left out, with all below. */
  readonly exclude?: readonly string[] | undefined;
}

export class DirectoryPacker {
  readonly #flights = new SingleFlight<StoredArtifact>();
  readonly #store: ArtifactStore;
  readonly #log: Logger;

  constructor(store: ArtifactStore, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  /** @throws StevedoreError ERR_DIRECTORY_UNREADABLE, ERR_DIRECTORY_LINK, ERR_DIRECTORY_CHANGING */
  pack(path: string, options: PackOptions): Promise<StoredArtifact> {
    const { topFolder, exclude } = options;
    const key = JSON.stringify([path, topFolder, exclude ?? []]);
    return this.#flights.run(key, options, (work) =>
      this.#packOrExplain(path, { topFolder, exclude, ...work }),
    );
  }

  close(): void {
    this.#flights.abort(new Error('the artifact server is closing'));
  }

  async #packOrExplain(path: string, options: PackOptions): Promise<StoredArtifact> {
    try {
      return await this.#pack(await realpath(path), options);
    } catch (error) {
      if (error instanceof StevedoreError || options.signal?.aborted) throw error;
      const fields = { path, problem: describeFileProblem(error) };
      throw new StevedoreError('ERR_DIRECTORY_UNREADABLE', fields, { cause: error });
    }
  }

  async #pack(root: string, options: PackOptions): Promise<StoredArtifact> {
    const tree = await this.#readTree(root, options);
    const fingerprint = fingerprintTree(tree);
    const source = JSON.stringify(['directory', root, options.topFolder, options.exclude ?? []]);
    const record = await this.#store.readRecord(source);
    const packed = record?.fingerprint === fingerprint ? await this.#store.find(record.sha256) : undefined;
    if (packed !== undefined) return packed;
    const made = await this.#write(root, tree, options);
    await this.#store.writeRecord(source, { fingerprint, sha256: made.sha256 });
    return made;
  }

  async #readTree(root: string, options: PackOptions): Promise<DirectoryTree> {
    if (!(await stat(root)).isDirectory()) {
      throw new StevedoreError('ERR_DIRECTORY_UNREADABLE', { path: root, problem: 'it is no directory' });
    }
    const tree = await readDirectoryTree(root, options.exclude ?? []);
    if (tree.skipped.length > 0)
      this.#log.warn({ root, skipped: tree.skipped }, 'special files are not packed');
    return tree;
  }

  /** Compares the listing before and after: an archive of two halves must not get a digest. */
  #write(root: string, tree: DirectoryTree, options: PackOptions): Promise<StoredArtifact> {
    return this.#store.write(async (sink) => {
      await writeTar({ root, topFolder: options.topFolder, tree }, sink, options);
      const after = await readDirectoryTree(root, options.exclude ?? []);
      if (fingerprintTree(after) !== fingerprintTree(tree)) {
        throw new StevedoreError('ERR_DIRECTORY_CHANGING', { path: root });
      }
    });
  }
}
