/** The state store in one SQLite file: WAL, synchronous=FULL, so a change that was returned survives a power cut. */
import { randomBytes } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StevedoreError } from '../../protocol/errors.ts';
import type { InstanceRecord } from '../core/instance.ts';
import type { ServedPorts, StateChange, StateStore, StoredState } from './state-store.ts';

const FORMAT = 1;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS instances (name TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
  PRAGMA user_version = ${FORMAT};
`;

class SqliteStateStore implements StateStore {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  #readFact(name: string): Uint8Array | undefined {
    const row = this.#database.prepare('SELECT value FROM facts WHERE name = ?').get(name);
    return row?.value as Uint8Array | undefined;
  }

  #readText(name: string): string | undefined {
    const value = this.#readFact(name);
    return value === undefined ? undefined : Buffer.from(value).toString('utf8');
  }

  #writeFact(name: string, value: Uint8Array | null): void {
    if (value === null) this.#database.prepare('DELETE FROM facts WHERE name = ?').run(name);
    else this.#database.prepare('INSERT OR REPLACE INTO facts VALUES (?, ?)').run(name, value);
  }

  /** Sets a fact that never changes. */
  ensureFact(name: string, create: () => Uint8Array): Uint8Array {
    const found = this.#readFact(name);
    if (found !== undefined) return found;
    const created = Uint8Array.from(create());
    this.#writeFact(name, created);
    return created;
  }

  read(): StoredState {
    const rows = this.#database.prepare('SELECT record FROM instances ORDER BY name').all();
    return {
      frameworkId: this.#readText('framework-id'),
      clusterKey: this.ensureFact('cluster-key', () => randomBytes(32)),
      desiredDigest: this.#readText('desired-digest'),
      servedPorts: JSON.parse(this.#readText('served-ports') ?? 'null') ?? undefined,
      instances: rows.map((row) => JSON.parse(row.record as string) as InstanceRecord),
    };
  }

  persist(change: StateChange): void {
    const { frameworkId } = change;
    this.#inTransaction(() => {
      this.#writeFact('framework-id', frameworkId === null ? null : Buffer.from(frameworkId));
      const put = this.#database.prepare('INSERT OR REPLACE INTO instances VALUES (?, ?)');
      for (const instance of change.changed) put.run(instance.name, JSON.stringify(instance));
      const remove = this.#database.prepare('DELETE FROM instances WHERE name = ?');
      for (const name of change.removed) remove.run(name);
    });
  }

  persistDesiredDigest(digest: string): void {
    this.#writeFact('desired-digest', Buffer.from(digest));
  }

  persistServedPorts(ports: ServedPorts): void {
    this.#writeFact('served-ports', Buffer.from(JSON.stringify(ports)));
  }

  #inTransaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }
}

/**
 * Opens or makes the state of one cluster. The directory must be locked.
 * @throws StevedoreError ERR_STATE_VERSION, ERR_STATE_CLUSTER
 */
export function openStateStore(directory: string, cluster: string): StateStore {
  const path = join(directory, 'state.sqlite');
  const database = new DatabaseSync(path);
  try {
    chmodSync(path, 0o600);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    const found = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (found > FORMAT) throw new StevedoreError('ERR_STATE_VERSION', { directory, found, known: FORMAT });
    database.exec(SCHEMA);
    const store = new SqliteStateStore(database);
    const owner = Buffer.from(store.ensureFact('cluster', () => Buffer.from(cluster))).toString('utf8');
    if (owner !== cluster)
      throw new StevedoreError('ERR_STATE_CLUSTER', { directory, found: owner, cluster });
    return store;
  } catch (error) {
    database.close();
    throw error;
  }
}
