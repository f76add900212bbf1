/**
 * Artifacts that the server made or fetched itself, on disk under their digest, with small records that tell what they were
 * made from. A crash leaves at most an unfinished file, which a later start removes.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArtifactSink, FileSink, toWriteError } from './artifact-sink.ts';
import { flushDirectory, writeFileAtomically } from './atomic-file.ts';
import { digestFile } from './file-digest.ts';
import { type FileIdentity, isSameFile, toFileIdentity } from './file-identity.ts';

export interface StoredArtifact {
  readonly sha256: string;
  readonly path: string;
  readonly identity: FileIdentity;
}

/** What an artifact was made from. */
export interface ArtifactRecord {
  readonly sha256: string;
  /** Of a directory, as it was when packed. */
  readonly fingerprint?: string;
}

/** What nobody touched for this long belongs to no work of this or another process. */
const LEFT_AFTER_MS = 3_600_000;

async function isLeft(path: string): Promise<boolean> {
  const { mtimeMs } = await stat(path);
  return Date.now() - mtimeMs > LEFT_AFTER_MS;
}

export class ArtifactStore {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Makes the folders and clears what a crash left behind. @throws StevedoreError ERR_STORE_WRITE */
  static async open(directory: string): Promise<ArtifactStore> {
    const store = new ArtifactStore(directory);
    try {
      await store.#prepare();
      return store;
    } catch (cause) {
      throw toWriteError(directory, cause);
    }
  }

  async #prepare(): Promise<void> {
    for (const folder of ['artifacts', 'identities', 'records', 'unfinished']) {
      await mkdir(this.#pathOf(folder), { recursive: true, mode: 0o700 });
    }
    for (const name of await readdir(this.#pathOf('unfinished'))) {
      const path = this.#pathOf('unfinished', name);
      if (await isLeft(path)) await rm(path, { force: true });
    }
    await this.#removeUnrecorded();
  }

  #pathOf(folder: string, name = ''): string {
    return join(this.#directory, folder, name);
  }

  /** Writes an artifact whose digest is known at its end only. Whatever `produce` throws leaves nothing behind. */
  async write(produce: (sink: ArtifactSink) => Promise<void>): Promise<StoredArtifact> {
    const unfinished = this.#pathOf('unfinished', randomBytes(8).toString('hex'));
    const handle = await open(unfinished, 'wx', 0o600);
    try {
      const sink = new FileSink(handle, this.#directory);
      await produce(sink);
      await handle.sync();
      return await this.#adopt(unfinished, sink.digest());
    } finally {
      await handle.close();
      await rm(unfinished, { force: true });
    }
  }

  /** An artifact that is there already stays: it may be under transfer, and its bytes are the same. */
  async #adopt(unfinished: string, sha256: string): Promise<StoredArtifact> {
    const present = await this.find(sha256);
    if (present !== undefined) return present;
    const path = this.#pathOf('artifacts', sha256);
    await rename(unfinished, path);
    await flushDirectory(this.#pathOf('artifacts'));
    const identity = toFileIdentity(await stat(path, { bigint: true }));
    await this.#writeJson('identities', sha256, identity);
    return { sha256, path, identity };
  }

  /** Hashes again when the file is not the one that was written here; what then differs is removed. */
  async find(sha256: string): Promise<StoredArtifact | undefined> {
    const path = this.#pathOf('artifacts', sha256);
    const stats = await stat(path, { bigint: true }).catch(() => undefined);
    if (stats === undefined) return undefined;
    const identity = toFileIdentity(stats);
    const written = (await this.#readJson('identities', sha256)) as FileIdentity | undefined;
    if (written !== undefined && isSameFile(written, identity)) return { sha256, path, identity };
    const digested = await digestFile(path);
    if (digested.sha256 !== sha256) {
      await rm(path, { force: true });
      return undefined;
    }
    await this.#writeJson('identities', sha256, digested.identity);
    return { sha256, path, identity: digested.identity };
  }

  /** What was made from `source`, as it was written; undefined when never, or unreadable. */
  async readRecord(source: string): Promise<ArtifactRecord | undefined> {
    const name = createHash('sha256').update(source).digest('hex');
    return (await this.#readJson('records', name)) as ArtifactRecord | undefined;
  }

  async writeRecord(source: string, record: ArtifactRecord): Promise<void> {
    await this.#writeJson('records', createHash('sha256').update(source).digest('hex'), record);
  }

  /** Removes artifacts that no record names: what a directory or a URL held before it changed. */
  async #removeUnrecorded(): Promise<void> {
    const names = await readdir(this.#pathOf('records'));
    const records = await Promise.all(
      names.map((name) => this.#readJson('records', name.replace(/\.json$/, ''))),
    );
    const recorded = new Set(records.map((record) => (record as ArtifactRecord | undefined)?.sha256));
    const stale = (await readdir(this.#pathOf('artifacts'))).filter((sha256) => !recorded.has(sha256));
    for (const sha256 of stale) {
      if (!(await isLeft(this.#pathOf('artifacts', sha256)))) continue;
      await rm(this.#pathOf('artifacts', sha256), { force: true });
      await rm(this.#pathOf('identities', `${sha256}.json`), { force: true });
    }
  }

  async #readJson(folder: string, name: string): Promise<unknown> {
    try {
      return JSON.parse(await readFile(this.#pathOf(folder, `${name}.json`), 'utf8'));
    } catch {
      return undefined;
    }
  }

  #writeJson(folder: string, name: string, value: object): Promise<void> {
    return writeFileAtomically(this.#pathOf(folder, `${name}.json`), `${JSON.stringify(value)}\n`);
  }
}
