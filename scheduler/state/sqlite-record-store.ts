/** Records in one SQLite file: WAL, synchronous=FULL, so a change that was returned survives a power cut. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import { PLAIN_RECORDS } from './record-cipher.ts';
import { CodedRecordStore, type RecordCodec } from './record-codec.ts';
import type { RecordChanges, RecordStore } from './record-store.ts';
import { RecordVersions } from './record-versions.ts';
import { prepareSqliteSchema } from './sqlite-schema.ts';

class SqliteRecordStore implements RecordStore {
  readonly #database: DatabaseSync;
  readonly #directory: string;

  constructor(database: DatabaseSync, directory: string) {
    this.#database = database;
    this.#directory = directory;
  }

  read(): Promise<ReadonlyMap<string, Uint8Array>> {
    const rows = this.#database.prepare('SELECT name, value FROM records ORDER BY name').all();
    return Promise.resolve(new Map(rows.map(({ name, value }) => [name as string, value as Uint8Array])));
  }

  /** @throws StevedoreError ERR_STATE_WRITE */
  async write(changes: RecordChanges): Promise<void> {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      this.#apply(changes);
      this.#database.exec('COMMIT');
    } catch (error) {
      // A full disk has rolled it back already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      const details = { directory: this.#directory, problem: messageOf(error) };
      throw new StevedoreError('ERR_STATE_WRITE', details, { cause: error });
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

/** How long another process that reads or writes the file is waited for. */
const BUSY_TIMEOUT_MS = 5000;

/**
 * Opens or makes the store of one directory, which must be locked by whoever writes. The state of an older version is
 * brought up to date, with a copy of the old file left beside it.
 * @throws StevedoreError ERR_STATE_VERSION, ERR_STATE_DAMAGED, ERR_STATE_WRITE
 */
export function openSqliteRecordStore(
  directory: string,
  codecs: readonly RecordCodec[] = [new RecordVersions(), PLAIN_RECORDS],
): RecordStore {
  const path = join(directory, 'state.sqlite');
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    chmodSync(path, 0o600);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    prepareSqliteSchema(database, directory);
    return new CodedRecordStore(new SqliteRecordStore(database, directory), codecs);
  } catch (error) {
    database.close();
    if (error instanceof StevedoreError) throw error;
    if (/malformed|not a database/.test(String(error)))
      throw new StevedoreError('ERR_STATE_DAMAGED', { record: path, problem: 'it is no intact SQLite file' });
    throw new StevedoreError('ERR_STATE_WRITE', { directory, problem: messageOf(error) }, { cause: error });
  }
}
