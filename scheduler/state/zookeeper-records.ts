/**
 * Records in ZooKeeper, written by the scheduler that leads and by nobody else. What fits into one request is one
 * transaction; what does not is written aside as a redo log, and happens when the commit node names it: whoever opens the
 * state next finishes it.
 */
import type { RecordChanges, RecordStore } from './record-store.ts';
import {
  type Limits,
  type NodeChanges,
  groupChanges,
  measureAll,
  renderChanges,
  toOperations,
} from './zookeeper-batch.ts';
import { type BlobPlace, listBlobNodes, sweepBlobs, writeBlob } from './zookeeper-blobs.ts';
import { decodeNodeName, parseNode, renderInline, renderReference } from './zookeeper-layout.ts';
import type { Snapshot } from './zookeeper-snapshot.ts';

/** The commit node and what surrounds it in each request. */
const COMMIT_BYTES = 1024;

export class ZooKeeperRecords implements RecordStore {
  readonly #place: BlobPlace;
  readonly #limitBytes: number;
  /** What is stored: nobody else changes it. */
  readonly #values = new Map<string, Uint8Array>();
  /** Nodes of blobs, by the record whose value they are. */
  readonly #blobs = new Map<string, readonly string[]>();
  #tail: Promise<void> = Promise.resolve();

  constructor(place: BlobPlace, limits: Limits) {
    this.#place = place;
    this.#limitBytes = limits.requestBytes - COMMIT_BYTES;
  }

  /** Finishes what the former leader began, and removes what it left. */
  async start({ commit, records, blobs, redo }: Snapshot): Promise<void> {
    for (const [name, value] of records) this.#values.set(name, value);
    for (const [name, blob] of blobs) this.#blobs.set(name, listBlobNodes(blob));
    await this.#place.fence.commit([], commit.redo);
    if (commit.redo !== undefined) await this.#finish(redo);
    await this.#sweep();
  }

  /** After the writes that were asked for before. */
  async read(): Promise<ReadonlyMap<string, Uint8Array>> {
    await this.#tail;
    return new Map(this.#values);
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
    const operations = toOperations(nodes, this.#values, this.#place.layout);
    if (operations.length === 0) return;
    const isSmall = measureAll(operations) <= this.#limitBytes;
    if (isSmall) await this.#place.fence.commit(operations);
    else await this.#writeInSteps(nodes);
    const hasGarbage = !isSmall || [...changes.keys()].some((name) => this.#blobs.has(name));
    this.#note(changes, nodes);
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

  #note(changes: RecordChanges, nodes: NodeChanges): void {
    for (const [name, value] of changes) {
      if (value === null) this.#values.delete(name);
      else this.#values.set(name, value);
      this.#blobs.delete(name);
    }
    for (const [name, data] of nodes) {
      const content = data && parseNode(name, data);
      if (content?.kind === 'blob') this.#blobs.set(name, listBlobNodes(content.blob));
    }
  }

  /** What nothing refers to may also go at the next start; a write that has happened does not fail for it. */
  async #sweep(): Promise<void> {
    const kept = new Set([...this.#blobs.values()].flat());
    await sweepBlobs(this.#place, kept, this.#limitBytes).catch(() => undefined);
  }
}
