/** Bytes that do not fit into one node or one request, spread over nodes that nothing refers to until all are there. */
import { createHash } from 'node:crypto';
import { StevedoreError } from '../../protocol/errors.ts';
import type { CreateRequest, MultiOperation, ZooKeeperClient } from '../zookeeper/zookeeper-client.ts';
import { groupBySize, measure } from './zookeeper-batch.ts';
import type { Fence } from './zookeeper-fence.ts';
import type { BlobReference, Layout } from './zookeeper-layout.ts';

function pathOf(layout: Layout, id: string, part: number): string {
  return `${layout.blobs}/${id}-${part}`;
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function toParts(bytes: Uint8Array, partBytes: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / partBytes);
  return Array.from({ length: count }, (_, part) => bytes.subarray(part * partBytes, (part + 1) * partBytes));
}

/** A part that a lost try has made is there already: nobody else makes its name. */
async function createPart(fence: Fence, client: ZooKeeperClient, request: CreateRequest): Promise<void> {
  await fence.repeat(async (attempt) => {
    if (attempt > 1 && (await client.exists(request.path)) !== undefined) return;
    await fence.perform([{ kind: 'create', ...request }]);
  });
}

export interface BlobPlace {
  readonly client: ZooKeeperClient;
  readonly layout: Layout;
  readonly fence: Fence;
  readonly newId: () => string;
  readonly partBytes: number;
}

/** Garbage until something refers to it. @throws what the fence throws */
export async function writeBlob(place: BlobPlace, bytes: Uint8Array): Promise<BlobReference> {
  const { client, layout, fence, partBytes } = place;
  const id = place.newId();
  const parts = toParts(bytes, partBytes);
  for (const [part, data] of parts.entries())
    await createPart(fence, client, { path: pathOf(layout, id, part), data, mode: 'persistent' });
  return { id, parts: parts.length, sizeBytes: bytes.length, sha256: hash(bytes) };
}

/** Undefined: it, or a part of it, is gone. @throws StevedoreError ERR_STATE_DAMAGED */
export async function readBlob(
  client: ZooKeeperClient,
  layout: Layout,
  blob: BlobReference,
): Promise<Uint8Array | undefined> {
  const parts = Array.from({ length: blob.parts }, (_, part) =>
    client.getData(pathOf(layout, blob.id, part)),
  );
  const found = (await Promise.all(parts)).filter((part) => part !== undefined);
  if (found.length < blob.parts) return undefined;
  const bytes = Buffer.concat(found.map(({ data }) => data));
  if (hash(bytes) === blob.sha256) return bytes;
  throw new StevedoreError('ERR_STATE_DAMAGED', { record: blob.id, problem: 'its digest does not fit' });
}

export function listBlobNodes({ id, parts }: BlobReference): string[] {
  return Array.from({ length: parts }, (_, part) => `${id}-${part}`);
}

/** Deletes every node of a blob except those that are named. @throws what ZooKeeper refuses */
export async function sweepBlobs(
  place: Pick<BlobPlace, 'client' | 'layout' | 'fence'>,
  kept: ReadonlySet<string>,
  limitBytes: number,
): Promise<void> {
  const nodes = (await place.client.getChildren(place.layout.blobs)) ?? [];
  const deletions = nodes
    .filter((node) => !kept.has(node))
    .map((node): MultiOperation => ({ kind: 'delete', path: `${place.layout.blobs}/${node}`, version: -1 }));
  for (const group of groupBySize(deletions, measure, limitBytes)) await place.fence.perform(group);
}
