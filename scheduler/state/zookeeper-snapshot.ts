/** Reads the whole state as it was at one moment, also while its leader goes on writing. */
import { StevedoreError } from '../../protocol/errors.ts';
import type { ZooKeeperClient } from '../zookeeper/zookeeper-client.ts';
import { parseChanges } from './zookeeper-batch.ts';
import { readBlob } from './zookeeper-blobs.ts';
import {
  type BlobReference,
  type Commit,
  type Layout,
  decodeNodeName,
  parseCommit,
  parseNode,
} from './zookeeper-layout.ts';

export interface Snapshot {
  readonly commit: Commit;
  /** Of the commit node. */
  readonly version: number;
  readonly records: ReadonlyMap<string, Uint8Array>;
  /** Of records whose value is spread. */
  readonly blobs: ReadonlyMap<string, BlobReference>;
  /** The contents of nodes that `commit.redo` changes. */
  readonly redo: ReadonlyMap<string, Uint8Array | null>;
}

const MAX_ATTEMPTS = 20;
/** Requests under way at once. */
const WINDOW = 128;

type Nodes = Map<string, Uint8Array>;

/** Undefined: one was deleted meanwhile. */
async function readNodes(client: ZooKeeperClient, layout: Layout): Promise<Nodes | undefined> {
  const nodes = (await client.getChildren(layout.records)) ?? [];
  const found: Nodes = new Map();
  for (let at = 0; at < nodes.length; at += WINDOW) {
    const names = nodes.slice(at, at + WINDOW);
    const read = await Promise.all(names.map((node) => client.getData(`${layout.records}/${node}`)));
    for (const [index, node] of names.entries()) {
      const data = read[index]?.data;
      if (data === undefined) return undefined;
      found.set(decodeNodeName(node), data);
    }
  }
  return found;
}

/** What the redo log says stands, whatever of it has reached the nodes. */
function overlay(nodes: Nodes, redo: ReadonlyMap<string, Uint8Array | null>): void {
  for (const [name, data] of redo) {
    if (data === null) nodes.delete(name);
    else nodes.set(name, data);
  }
}

async function resolveNodes(client: ZooKeeperClient, layout: Layout, nodes: Nodes) {
  const records = new Map<string, Uint8Array>();
  const blobs = new Map<string, BlobReference>();
  for (const [name, data] of nodes) {
    const content = parseNode(name, data);
    const value = content.kind === 'value' ? content.value : await readBlob(client, layout, content.blob);
    if (value === undefined) return undefined;
    records.set(name, value);
    if (content.kind === 'blob') blobs.set(name, content.blob);
  }
  return { records, blobs };
}

async function readRedo(client: ZooKeeperClient, layout: Layout, { redo }: Commit) {
  const log = redo === undefined ? undefined : await readBlob(client, layout, redo);
  if (redo !== undefined && log === undefined) return undefined;
  return log === undefined ? new Map<string, Uint8Array | null>() : parseChanges(log);
}

/** Undefined: something changed while it was read. */
async function tryRead(
  client: ZooKeeperClient,
  layout: Layout,
  found: { readonly commit: Commit; readonly version: number },
): Promise<Snapshot | undefined> {
  const redo = await readRedo(client, layout, found.commit);
  const nodes = await readNodes(client, layout);
  if (redo === undefined || nodes === undefined) return undefined;
  overlay(nodes, redo);
  const resolved = await resolveNodes(client, layout, nodes);
  const after = await client.exists(layout.commit);
  return resolved === undefined || after?.version !== found.version
    ? undefined
    : { ...found, ...resolved, redo };
}

/** Undefined: there is no state yet. @throws StevedoreError ERR_STATE_VERSION, ERR_STATE_DAMAGED, ERR_STATE_BUSY */
export async function readSnapshot(client: ZooKeeperClient, layout: Layout): Promise<Snapshot | undefined> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const commit = await client.getData(layout.commit);
    if (commit === undefined) return undefined;
    const { version } = commit.stat;
    const snapshot = await tryRead(client, layout, { commit: parseCommit(commit.data, layout), version });
    if (snapshot !== undefined) return snapshot;
  }
  throw new StevedoreError('ERR_STATE_BUSY', { directory: layout.place });
}
