/** The tables of the state file, and how a file of an older version gets them. */
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { StevedoreError } from '../../protocol/errors.ts';
import { RecordVersions } from './record-versions.ts';
import { migrateFormat1, readFormat1 } from './sqlite-format-1.ts';

const FORMAT = 2;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS records (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
  PRAGMA user_version = ${FORMAT};
`;

function readFormat(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}

/** A way back to the version that wrote it. */
function keepCopy(database: DatabaseSync, directory: string, format: number): void {
  const copy = join(directory, `state.sqlite.format-${format}`);
  rmSync(copy, { force: true });
  database.exec(`VACUUM INTO '${copy.replaceAll("'", "''")}'`);
  chmodSync(copy, 0o600);
}

function migrate(database: DatabaseSync): void {
  const records = migrateFormat1(readFormat1(database), new RecordVersions());
  const put = database.prepare('INSERT INTO records VALUES (?, ?)');
  for (const [name, value] of records) put.run(name, value);
  database.exec('DROP TABLE facts; DROP TABLE instances');
}

/** All of it or nothing; another process may do the same at the same time. @throws StevedoreError ERR_STATE_VERSION */
export function prepareSqliteSchema(database: DatabaseSync, directory: string): void {
  const found = readFormat(database);
  if (found === FORMAT) return;
  if (found > FORMAT) throw new StevedoreError('ERR_STATE_VERSION', { directory, found, known: FORMAT });
  if (found === 1) keepCopy(database, directory, found);
  database.exec('BEGIN IMMEDIATE');
  try {
    const present = readFormat(database);
    database.exec(SCHEMA);
    if (present === 1) migrate(database);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
