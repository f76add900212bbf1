/** The state for a command that changes it: no scheduler of the cluster may run meanwhile. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { StevedoreError } from '../../protocol/errors.ts';
import type { RecordStore } from '../state/record-store.ts';
import { openSqliteRecordStore } from '../state/sqlite-record-store.ts';
import { connectStateClient } from '../state/state-access.ts';
import { lockStateDirectory, prepareStateDirectory } from '../state/state-directory.ts';
import type { SqliteLocation, StateLocation, ZooKeeperLocation } from '../state/state-location.ts';
import { SILENT } from '../state/silent-log.ts';
import { createLayout } from '../state/zookeeper-layout.ts';
import { openZooKeeperRecordStore } from '../state/zookeeper-record-store.ts';
import { createLeaderElection } from './leader-election.ts';

/** Gets the records as they are stored, and where they are for messages. */
export type StateWork<Result> = (records: RecordStore, place: string) => Promise<Result>;

async function withDirectory<Result>(location: SqliteLocation, work: StateWork<Result>): Promise<Result> {
  const place = prepareStateDirectory(location.directory);
  const lock = lockStateDirectory(place);
  try {
    const records = openSqliteRecordStore(place, []);
    return await work(records, place).finally(() => records.close());
  } finally {
    lock.release();
  }
}

async function withZooKeeper<Result>(
  location: ZooKeeperLocation,
  cluster: string,
  work: StateWork<Result>,
): Promise<Result> {
  const ended = new AbortController();
  const access = connectStateClient(location, cluster, { log: SILENT, signal: ended.signal });
  const layout = createLayout(location.address.path, cluster);
  const data = { apiUrl: '', host: hostname(), pid: process.pid, sinceMs: Date.now() };
  const path = `${layout.root}/election`;
  const election = createLeaderElection({ client: access.client, path, data, newId: randomUUID });
  try {
    // The session of a scheduler that was killed has ended by then.
    const electionNode = await election.campaign(AbortSignal.timeout(location.sessionTimeoutMs * 2));
    if (electionNode === undefined)
      throw new StevedoreError('ERR_STATE_IN_USE', { cluster, directory: layout.place });
    const parts = { ...access, layout, cluster, electionNode, newId: randomUUID };
    return await work(await openZooKeeperRecordStore(parts), layout.place);
  } finally {
    await election.resign();
    await access.client.close();
    ended.abort();
  }
}

/** @throws StevedoreError ERR_STATE_LOCKED, ERR_STATE_IN_USE, and what opening the state throws */
export async function withExclusiveState<Result>(
  location: StateLocation,
  cluster: string,
  work: StateWork<Result>,
): Promise<Result> {
  if (location.kind === 'sqlite') return await withDirectory(location, work);
  return await withZooKeeper(location, cluster, work);
}
