/**
 * Records in ZooKeeper, written by the scheduler that leads and by nobody else. What fits into one request is one
 * transaction; what does not is written aside as a redo log, and happens when the commit node names it: whoever opens the
 * state next finishes it.
 */
import { StevedoreError } from '../../protocol/errors.ts';
import type { RecordChanges, RecordStore } from './record-store.ts';
import {
  LIMITS,
  type Limits,
  type NodeChanges,
  groupChanges,
  measureAll,
  renderChanges,
  toOperations,
} from './zookeeper-batch.ts';
import { type BlobPlace, listBlobNodes, sweepBlobs, writeBlob } from './zookeeper-blobs.ts';
import { Fence, type FenceParts } from './zookeeper-fence.ts';
import {
  FORMAT,
  decodeNodeName,
  parseNode,
  renderCommit,
  renderInline,
  renderReference,
} from './zookeeper-layout.ts';
import { type Snapshot, readSnapshot } from './zookeeper-snapshot.ts';

export interface ZooKeeperStoreOptions extends FenceParts {
  /** Only the creator of the nodes reads them: the client has credentials. */
  readonly closed: boolean;
  /** Nothing else protects the keys in it. */
  readonly needsClosed: boolean;
  readonly limits?: Limits;
}

/** The commit node and what surrounds it in each request. */
const COMMIT_BYTES = 1024;

class ZooKeeperRecordStore implements RecordStore {
  readonly #place: BlobPlace;
  readonly #limitBytes: number;
  /** Names with a node, and the nodes of blobs that their values are in. */
  readonly #records = new Map<string, readonly string[]>();
  #tail: Promise<void> = Promise.resolve();

  constructor(place: BlobPlace, limits: Limits) {
    this.#place = place;
    this.#limitBytes = limits.requestBytes - COMMIT_BYTES;
  }

  /** Finishes what the former leader began, and removes what it left. */
  async start({ commit, records, blobs, redo }: Snapshot): Promise<void> {
    for (const name of records.keys()) {
      const blob = blobs.get(name);
      this.#records.set(name, blob === undefined ? [] : listBlobNodes(blob));
    }
    await this.#place.fence.commit([], commit.redo);
    if (commit.redo !== undefined) await this.#finish(redo);
    await this.#sweep();
  }

  async read(): Promise<ReadonlyMap<string, Uint8Array>> {
    return (await readSnapshot(this.#place.client, this.#place.layout))?.records ?? new Map();
  }

  write(changes: RecordChanges): Promise<void> {
    const written = this.#tail.then(() => this.#write(changes));
    this.#tail = written.catch(() => undefined);
    return written;
  }

  /** The client belongs to whoever opened it. */
  async close(): Promise<void> {
    await this.#tail;
  }

  async #write(changes: RecordChanges): Promise<void> {
    const nodes = new Map<string, Uint8Array | null>();
    for (const [name, value] of changes) nodes.set(name, value && (await this.#toNode(value)));
    const operations = toOperations(nodes, this.#records, this.#place.layout);
    if (operations.length === 0) return;
    const hasGarbage = [...changes.keys()].some((name) => (this.#records.get(name)?.length ?? 0) > 0);
    if (measureAll(operations) <= this.#limitBytes) await this.#place.fence.commit(operations);
    else await this.#writeInSteps(nodes);
    this.#note(nodes);
    if (hasGarbage) await this.#sweep();
  }

  async #toNode(value: Uint8Array): Promise<Uint8Array> {
    if (value.length < this.#place.partBytes) return renderInline(value);
    return renderReference(await writeBlob(this.#place, value));
  }

  async #writeInSteps(nodes: NodeChanges): Promise<void> {
    const redo = await writeBlob(this.#place, renderChanges(nodes));
    await this.#place.fence.commit([], redo);
    await this.#finish(nodes).catch((cause: unknown) => {
      throw this.#place.fence.toUnknown(cause);
    });
    this.#note(nodes);
    await this.#sweep();
  }

  /** Puts a redo log into the nodes, however much of it stands there already. */
  async #finish(redo: NodeChanges): Promise<void> {
    const { layout, fence } = this.#place;
    let existing = await this.#listNodes();
    for (const group of groupChanges(redo, layout, this.#limitBytes))
      await fence.repeat(async (attempt) => {
        if (attempt > 1) existing = await this.#listNodes();
        await fence.perform(toOperations(group, existing, layout));
      });
    await fence.commit([]);
  }

  async #listNodes(): Promise<ReadonlySet<string>> {
    const { client, layout } = this.#place;
    return new Set(((await client.getChildren(layout.records)) ?? []).map(decodeNodeName));
  }

  #note(nodes: NodeChanges): void {
    for (const [name, data] of nodes) {
      if (data === null) this.#records.delete(name);
      else {
        const content = parseNode(name, data);
        this.#records.set(name, content.kind === 'blob' ? listBlobNodes(content.blob) : []);
      }
    }
  }

  /** What nothing refers to may also go at the next start; a write that has happened does not fail for it. */
  async #sweep(): Promise<void> {
    const kept = new Set([...this.#records.values()].flat());
    await sweepBlobs(this.#place, kept, this.#limitBytes).catch(() => undefined);
  }
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
 * Opens or makes the state of one cluster, for the scheduler that leads it. Writes of the former leader fail from here on.
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
  const store = new ZooKeeperRecordStore(place, limits);
  await store.start(snapshot);
  return store;
}
