/** A ZooKeeper client with an election node of its own: what a store needs of the scheduler that leads. */
import { randomUUID } from 'node:crypto';
import { waitForSession } from '../../scheduler/leadership/bound-session.ts';
import type { RecordStore } from '../../scheduler/state/record-store.ts';
import { LIMITS, type Limits } from '../../scheduler/state/zookeeper-batch.ts';
import { createLayout } from '../../scheduler/state/zookeeper-layout.ts';
import { openZooKeeperRecordStore } from '../../scheduler/state/zookeeper-record-store.ts';
import { createZooKeeperClient } from '../../scheduler/zookeeper/client.ts';
import type { ZooKeeperClient } from '../../scheduler/zookeeper/zookeeper-client.ts';

export const SILENT_LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

export async function connectZooKeeper(
  server: string,
  options: { readonly sessionTimeoutMs?: number; readonly digest?: string } = {},
): Promise<ZooKeeperClient> {
  const { signal } = new AbortController();
  const { sessionTimeoutMs = 4000, digest } = options;
  const servers = [server];
  const client = createZooKeeperClient({
    servers,
    digest,
    sessionTimeoutMs,
    chance: Math.random,
    log: SILENT_LOG,
    signal,
  });
  await waitForSession(client, AbortSignal.timeout(10_000));
  return client;
}

export interface LeaderPlace {
  readonly path: string;
  readonly cluster: string;
  readonly limits?: Limits;
  readonly closed?: boolean;
  readonly needsClosed?: boolean;
}

/** As the leader: whoever opened it before is fenced off. */
export async function openAsLeader(client: ZooKeeperClient, place: LeaderPlace): Promise<RecordStore> {
  const { path, cluster, limits = LIMITS, closed = false, needsClosed = false } = place;
  const election = `${path}/${cluster}/election`;
  await client.createPath(election);
  const request = {
    path: `${election}/c-`,
    data: new Uint8Array(),
    mode: 'ephemeral-sequential',
  } as const;
  const electionNode = await client.create(request);
  const layout = createLayout(path, cluster);
  const parts = { client, layout, cluster, electionNode, newId: randomUUID };
  return await openZooKeeperRecordStore({ ...parts, closed, needsClosed, limits });
}
