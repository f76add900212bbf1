/** Requests of ZooKeeper and how their answers are read (zookeeper.jute of ZooKeeper). */
import { JuteReader, JuteWriter } from './jute.ts';
import { NO_NODE, OK, toReplyError } from './reply-code.ts';
import type { Acl, CreateMode, CreateRequest, Stat } from './zookeeper-client.ts';

export const OPERATION_TYPES = {
  create: 1,
  delete: 2,
  exists: 3,
  getData: 4,
  setData: 5,
  getChildren: 12,
  check: 13,
  multi: 14,
} as const;

/** One request: what is sent, and what its answer means. */
export interface Operation<Result> {
  readonly name: keyof typeof OPERATION_TYPES;
  readonly path: string;
  /** Nothing changes by it, so that it can be sent again when no answer came. */
  readonly isRead: boolean;
  readonly body: Buffer;
  /** @throws StevedoreError for a code that refuses. */
  readonly parse: (code: number, body: Buffer) => Result;
}

const MODE_FLAGS: Readonly<Record<CreateMode, number>> = {
  persistent: 0,
  ephemeral: 1,
  'persistent-sequential': 2,
  'ephemeral-sequential': 3,
};

export function parseStat(reader: JuteReader): Stat {
  const [czxid, mzxid] = [reader.long(), reader.long()];
  // Times of creation and change: of the servers' clocks, so nothing here may depend on them.
  reader.long();
  reader.long();
  const [version, childrenVersion] = [reader.int(), reader.int()];
  reader.int();
  const ephemeralOwner = reader.long();
  const [dataLength, childrenCount] = [reader.int(), reader.int()];
  reader.long();
  return { czxid, mzxid, version, childrenVersion, ephemeralOwner, dataLength, childrenCount };
}

type ReadName = 'getData' | 'getChildren' | 'exists';

/** A read whose answer for an absent node is undefined. */
function createRead<Result>(
  request: { readonly name: ReadName; readonly path: string; readonly isWatched: boolean },
  read: (reader: JuteReader) => Result,
): Operation<Result | undefined> {
  const { name, path, isWatched } = request;
  const body = new JuteWriter().string(path).bool(isWatched).finish();
  const parse = (code: number, reply: Buffer) => {
    if (code === NO_NODE) return undefined;
    if (code !== OK) throw toReplyError(code, { operation: name, path });
    return read(new JuteReader(reply));
  };
  return { name, path, isRead: true, body, parse };
}

export function toGetData(path: string, isWatched: boolean) {
  return createRead({ name: 'getData', path, isWatched }, (reader) => ({
    // A copy, since the reply may be a small part of a large chunk.
    data: new Uint8Array(reader.buffer()),
    stat: parseStat(reader),
  }));
}

export function toGetChildren(path: string, isWatched: boolean) {
  return createRead({ name: 'getChildren', path, isWatched }, (reader) =>
    reader.vector(() => reader.string()),
  );
}

export function toExists(path: string, isWatched: boolean) {
  return createRead({ name: 'exists', path, isWatched }, parseStat);
}

function createWrite<Result>(
  request: { readonly name: 'create' | 'setData' | 'delete'; readonly path: string; readonly body: Buffer },
  read: (reader: JuteReader) => Result,
): Operation<Result> {
  const { name, path, body } = request;
  const parse = (code: number, reply: Buffer) => {
    if (code !== OK) throw toReplyError(code, { operation: name, path });
    return read(new JuteReader(reply));
  };
  return { name, path, isRead: false, body, parse };
}

/** A create whose permissions are decided. */
export type PermittedCreate = CreateRequest & { readonly acl: readonly Acl[] };

export function renderCreate({ path, data, mode, acl }: PermittedCreate): Buffer {
  const writer = new JuteWriter().string(path).buffer(data);
  writer.vector(acl, (entry) => writer.int(entry.permissions).string(entry.scheme).string(entry.id));
  return writer.int(MODE_FLAGS[mode]).finish();
}

export function renderSetData(path: string, data: Uint8Array, version: number): Buffer {
  return new JuteWriter().string(path).buffer(data).int(version).finish();
}

export function renderPathAndVersion(path: string, version: number): Buffer {
  return new JuteWriter().string(path).int(version).finish();
}

export function toCreate(request: PermittedCreate): Operation<string> {
  const written = { name: 'create', path: request.path, body: renderCreate(request) } as const;
  return createWrite(written, (reader) => reader.string());
}

export function toSetData(path: string, data: Uint8Array, version: number): Operation<Stat> {
  return createWrite({ name: 'setData', path, body: renderSetData(path, data, version) }, parseStat);
}

export function toDelete(path: string, version: number): Operation<void> {
  return createWrite({ name: 'delete', path, body: renderPathAndVersion(path, version) }, () => undefined);
}
