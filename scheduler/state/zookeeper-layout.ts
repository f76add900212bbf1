/**
 * How a cluster's state lies in ZooKeeper, under `<path>/<cluster>/state`:
 * `commit` changes with every write, `records/NAME` holds one record each, `blobs/ID-N` parts of what is too big for one
 * node or one request. Pure.
 */
import { StevedoreError, messageOf } from '../../protocol/errors.ts';

export const FORMAT = 2;

export interface Layout {
  /** Beside the state lies the election. */
  readonly root: string;
  /** For messages. */
  readonly place: string;
  readonly commit: string;
  readonly records: string;
  readonly blobs: string;
}

/** @param path of all clusters, as `/stevedore` */
export function createLayout(path: string, cluster: string): Layout {
  const root = `${path}/${encodeNodeName(cluster)}`;
  const place = `${root}/state`;
  return {
    root,
    place,
    commit: `${place}/commit`,
    records: `${place}/records`,
    blobs: `${place}/blobs`,
  };
}

/** ZooKeeper allows neither a slash nor `.` and `..` as a name. */
export function encodeNodeName(name: string): string {
  const encoded = encodeURIComponent(name);
  return /^\.+$/.test(encoded) ? encoded.replaceAll('.', '%2E') : encoded;
}

export function decodeNodeName(node: string): string {
  return decodeURIComponent(node);
}

/** Bytes that are spread over several nodes. */
export interface BlobReference {
  readonly id: string;
  readonly parts: number;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** What the `commit` node says. */
export interface Commit {
  readonly format: number;
  readonly cluster: string;
  /** Nobody but their creator reads the nodes. */
  readonly closed: boolean;
  /** Of the last write. */
  readonly writeId: string;
  /** Changes that have happened, though not all of them stand in `records` yet. */
  readonly redo?: BlobReference | undefined;
}

export function renderCommit(commit: Commit): Uint8Array {
  return Buffer.from(JSON.stringify(commit));
}

/** @throws StevedoreError ERR_STATE_VERSION, ERR_STATE_DAMAGED */
export function parseCommit(data: Uint8Array, { place, commit }: Layout): Commit {
  let parsed: Commit;
  try {
    parsed = JSON.parse(Buffer.from(data).toString('utf8')) as Commit;
  } catch (cause) {
    throw new StevedoreError('ERR_STATE_DAMAGED', { record: commit, problem: messageOf(cause) }, { cause });
  }
  if (parsed.format > FORMAT)
    throw new StevedoreError('ERR_STATE_VERSION', { directory: place, found: parsed.format, known: FORMAT });
  return parsed;
}

/** The first byte of a record's node: its value follows, or a reference to the blob that is its value. */
const [INLINE, REFERENCE] = [0, 1] as const;

export function renderInline(value: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(INLINE), value]);
}

export function renderReference(blob: BlobReference): Uint8Array {
  return Buffer.concat([Buffer.of(REFERENCE), Buffer.from(JSON.stringify(blob))]);
}

export type NodeContent =
  | { readonly kind: 'value'; readonly value: Uint8Array }
  | { readonly kind: 'blob'; readonly blob: BlobReference };

/** @throws StevedoreError ERR_STATE_DAMAGED */
export function parseNode(name: string, data: Uint8Array): NodeContent {
  const rest = data.subarray(1);
  if (data[0] === INLINE) return { kind: 'value', value: rest };
  if (data[0] !== REFERENCE)
    throw new StevedoreError('ERR_STATE_DAMAGED', { record: name, problem: `it begins with ${data[0]}` });
  return { kind: 'blob', blob: JSON.parse(Buffer.from(rest).toString('utf8')) as BlobReference };
}
