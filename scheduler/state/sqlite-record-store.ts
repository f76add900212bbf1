/** Records in one SQLite file: WAL, synchronous=FULL, so a change that was returned survives a power cut. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StevedoreError } from '../../protocol/errors.ts';
import type { RecordChanges, RecordStore } from './record-store.ts';

const FORMAT = 2;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS records (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
  PRAGMA user_version = ${FORMAT};
`;

class SqliteRecordStore implements RecordStore {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  read(): Promise<ReadonlyMap<string, Uint8Array>> {
    const rows = this.#database.prepare('SELECT name, value FROM records ORDER BY name').all();
    return Promise.resolve(new Map(rows.map(({ name, value }) => [name as string, value as Uint8Array])));
  }

  async write(changes: RecordChanges): Promise<void> {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      this.#apply(changes);
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #apply(changes: RecordChanges): void {
    const put = this.#database.prepare('INSERT OR REPLACE INTO records VALUES (?, ?)');
    const remove = this.#database.prepare('DELETE FROM records WHERE name = ?');
    for (const [name, value] of changes) {
      if (value === null) remove.run(name);
      else put.run(name, value);
    }
  }

  async close(): Promise<void> {
    this.#database.close();
  }
}

/** Opens or makes the store of one directory, which must be locked. @throws StevedoreError ERR_STATE_VERSION */
export function openSqliteRecordStore(directory: string): RecordStore {
  const path = join(directory, 'state.sqlite');
  const database = new DatabaseSync(path);
  try {
    chmodSync(path, 0o600);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    const found = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (found > FORMAT) throw new StevedoreError('ERR_STATE_VERSION', { directory, found, known: FORMAT });
    database.exec(SCHEMA);
    return new SqliteRecordStore(database);
  } catch (error) {
    database.close();
    throw error;
  }
}
