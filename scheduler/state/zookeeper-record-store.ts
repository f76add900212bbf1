/** Opens the records of one cluster in ZooKeeper, for the scheduler that leads it. */
import { StevedoreError } from '../../protocol/errors.ts';
import type { RecordStore } from './record-store.ts';
import { LIMITS, type Limits } from './zookeeper-batch.ts';
import { Fence, type FenceParts } from './zookeeper-fence.ts';
import { FORMAT, renderCommit } from './zookeeper-layout.ts';
import { ZooKeeperRecords } from './zookeeper-records.ts';
import { type Snapshot, readSnapshot } from './zookeeper-snapshot.ts';

export interface ZooKeeperStoreOptions extends FenceParts {
  /** Only the creator of the nodes reads them: the client has credentials. */
  readonly closed: boolean;
  /** Nothing else protects the keys in it. */
  readonly needsClosed: boolean;
  readonly limits?: Limits;
}

async function createState(options: ZooKeeperStoreOptions): Promise<Snapshot> {
  const { client, layout, cluster, closed, electionNode } = options;
  for (const path of [layout.records, layout.blobs]) await client.createPath(path);
  const commit = { format: FORMAT, cluster, closed, writeId: options.newId() };
  const create = { path: layout.commit, data: renderCommit(commit), mode: 'persistent' } as const;
  await client.multi([
    { kind: 'check', path: electionNode, version: -1 },
    { kind: 'create', ...create },
  ]);
  return { commit, version: 0, records: new Map(), blobs: new Map(), redo: new Map() };
}

/**
 * Makes it where there is none. Writes of the former leader fail from here on.
 * @throws StevedoreError ERR_STATE_VERSION, ERR_STATE_CLUSTER, ERR_STATE_DAMAGED, ERR_STATE_FENCED,
 *   ERR_STATE_UNPROTECTED
 */
export async function openZooKeeperRecordStore(options: ZooKeeperStoreOptions): Promise<RecordStore> {
  const { client, layout, cluster, newId, limits = LIMITS } = options;
  const snapshot = (await readSnapshot(client, layout)) ?? (await createState(options));
  const { commit, version } = snapshot;
  const directory = layout.place;
  if (commit.cluster !== cluster)
    throw new StevedoreError('ERR_STATE_CLUSTER', { directory, found: commit.cluster, cluster });
  if (options.needsClosed && !commit.closed) throw new StevedoreError('ERR_STATE_UNPROTECTED', { directory });
  const fence = new Fence(options, commit, version);
  const place = { client, layout, fence, newId, partBytes: limits.nodeBytes };
  const store = new ZooKeeperRecords(place, limits);
  await store.start(snapshot);
  return store;
}
