/** What a write becomes in ZooKeeper: operations on nodes, in groups that fit into one request. Pure. */
import type { MultiOperation } from '../zookeeper/zookeeper-client.ts';
import { type Layout, encodeNodeName } from './zookeeper-layout.ts';

/** The contents of nodes by record name; null: gone. */
export type NodeChanges = ReadonlyMap<string, Uint8Array | null>;

export interface Limits {
  /** Of one request; ZooKeeper's own is 1 MiB (jute.maxbuffer) with all that surrounds the data. */
  readonly requestBytes: number;
  /** Of one node; longer values are spread. */
  readonly nodeBytes: number;
}

export const LIMITS: Limits = { requestBytes: 900_000, nodeBytes: 512_000 };

/** Type, flags, permissions and lengths of one operation. */
const OPERATION_BYTES = 128;

function toOperation(path: string, data: Uint8Array | null, exists: boolean): MultiOperation | undefined {
  if (data !== null && exists) return { kind: 'set', path, data, version: -1 };
  if (data !== null) return { kind: 'create', path, data, mode: 'persistent' };
  return exists ? { kind: 'delete', path, version: -1 } : undefined;
}

/** @param existing names of records that have a node now */
export function toOperations(
  changes: NodeChanges,
  existing: { has(name: string): boolean },
  layout: Layout,
): MultiOperation[] {
  return [...changes]
    .map(([name, data]) => toOperation(`${layout.records}/${encodeNodeName(name)}`, data, existing.has(name)))
    .filter((operation) => operation !== undefined);
}

export function measure(operation: MultiOperation): number {
  const data = 'data' in operation ? operation.data.length : 0;
  return OPERATION_BYTES + operation.path.length + data;
}

export function measureAll(operations: readonly MultiOperation[]): number {
  return operations.reduce((sum, operation) => sum + measure(operation), 0);
}

/** In their order, as many in each group as fit. */
export function groupBySize<Item>(
  items: Iterable<Item>,
  sizeOf: (item: Item) => number,
  limitBytes: number,
): Item[][] {
  const groups: Item[][] = [];
  let sizeBytes = Number.POSITIVE_INFINITY;
  for (const item of items) {
    sizeBytes += sizeOf(item);
    if (sizeBytes > limitBytes) {
      groups.push([]);
      sizeBytes = sizeOf(item);
    }
    groups.at(-1)?.push(item);
  }
  return groups;
}

/** Parts of a write that each fit into one request, whatever of them exists. */
export function groupChanges(changes: NodeChanges, layout: Layout, limitBytes: number): NodeChanges[] {
  const everything = { has: () => true };
  const sizeOf = (entry: readonly [string, Uint8Array | null]) =>
    measureAll(toOperations(new Map([entry]), everything, layout));
  return groupBySize(changes, sizeOf, limitBytes).map((group) => new Map(group));
}

/** The redo log of changes that need several requests. */
export function renderChanges(changes: NodeChanges): Uint8Array {
  const entries = [...changes].map(([name, data]) => [
    name,
    data === null ? null : Buffer.from(data).toString('base64'),
  ]);
  return Buffer.from(JSON.stringify(entries));
}

export function parseChanges(bytes: Uint8Array): Map<string, Uint8Array | null> {
  const entries = JSON.parse(Buffer.from(bytes).toString('utf8')) as [string, string | null][];
  return new Map(entries.map(([name, data]) => [name, data === null ? null : Buffer.from(data, 'base64')]));
}
