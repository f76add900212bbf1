/** Reads the records of a state as they are stored, also while its scheduler runs; makes nothing. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StevedoreError } from '../../protocol/errors.ts';
import { waitForSession } from '../leadership/bound-session.ts';
import { SILENT } from './silent-log.ts';
import { openSqliteRecordStore } from './sqlite-record-store.ts';
import { connectStateClient } from './state-access.ts';
import { type DirectoryLock, lockStateDirectory } from './state-directory.ts';
import type { SqliteLocation, StateLocation, ZooKeeperLocation } from './state-location.ts';
import { createLayout } from './zookeeper-layout.ts';
import { readSnapshot } from './zookeeper-snapshot.ts';

export interface StoredRecords {
  readonly place: string;
  readonly records: ReadonlyMap<string, Uint8Array>;
}

const CONNECT_TIMEOUT_MS = 15_000;

/** Undefined while a scheduler runs: then the file is of the present format already. */
function tryLock(directory: string): DirectoryLock | undefined {
  try {
    return lockStateDirectory(directory);
  } catch (error) {
    if (error instanceof StevedoreError && error.code === 'ERR_STATE_LOCKED') return undefined;
    throw error;
  }
}

async function readDirectory({ directory }: SqliteLocation, cluster: string): Promise<StoredRecords> {
  if (!existsSync(join(directory, 'state.sqlite')))
    throw new StevedoreError('ERR_STATE_MISSING', { cluster, directory });
  const lock = tryLock(directory);
  try {
    const store = openSqliteRecordStore(directory, []);
    const records = await store.read().finally(() => store.close());
    return { place: directory, records };
  } finally {
    lock?.release();
  }
}

async function readZooKeeper(location: ZooKeeperLocation, cluster: string): Promise<StoredRecords> {
  const ended = new AbortController();
  const { client } = connectStateClient({ ...location, unprotected: true }, cluster, {
    log: SILENT,
    signal: ended.signal,
  });
  const layout = createLayout(location.address.path, cluster);
  try {
    if (!(await waitForSession(client, AbortSignal.timeout(CONNECT_TIMEOUT_MS))))
      throw new StevedoreError('ERR_STATE_UNREACHABLE', { servers: location.address.servers.join(', ') });
    const snapshot = await readSnapshot(client, layout);
    if (snapshot === undefined)
      throw new StevedoreError('ERR_STATE_MISSING', { cluster, directory: layout.place });
    return { place: layout.place, records: snapshot.records };
  } finally {
    await client.close();
    ended.abort();
  }
}

/** @throws StevedoreError ERR_STATE_MISSING, ERR_STATE_UNREACHABLE, and what opening the state throws */
export async function readStoredRecords(location: StateLocation, cluster: string): Promise<StoredRecords> {
  if (location.kind === 'sqlite') return await readDirectory(location, cluster);
  return await readZooKeeper(location, cluster);
}
