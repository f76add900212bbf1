/** Messages that keep a session: greeting, credentials, pings, watches, replies' heads (zookeeper.jute of ZooKeeper). */
import { JuteReader, JuteWriter } from './jute.ts';

/** Numbers that replies carry instead of a request's own. */
export const NOTIFICATION_XID = -1;
export const PING_XID = -2;
export const AUTH_XID = -4;
export const SET_WATCHES_XID = -8;

const PING = 11;
const AUTH = 100;
const SET_WATCHES = 101;
const CLOSE_SESSION = -11;
/** Paths of one setWatches stay well below what a server takes in one request. */
const SET_WATCHES_BYTES = 128 * 1024;

export interface Greeting {
  /** The server must have seen this transaction, so that reads never go back in time. */
  readonly lastZxid: bigint;
  readonly timeoutMs: number;
  /** 0n asks for a new session. */
  readonly sessionId: bigint;
  readonly password: Uint8Array;
}

export function renderGreeting(greeting: Greeting): Buffer {
  const writer = new JuteWriter().int(0).long(greeting.lastZxid).int(greeting.timeoutMs);
  return writer.long(greeting.sessionId).buffer(greeting.password).bool(false).finish();
}

export interface Welcome {
  /** What the server agreed to; 0 when it no longer has the session. */
  readonly timeoutMs: number;
  readonly sessionId: bigint;
  readonly password: Uint8Array;
}

export function parseWelcome(message: Buffer): Welcome {
  const reader = new JuteReader(message);
  reader.int();
  return { timeoutMs: reader.int(), sessionId: reader.long(), password: Buffer.from(reader.buffer()) };
}

export function renderPing(): Buffer {
  return new JuteWriter().int(PING_XID).int(PING).finish();
}

export function renderClose(xid: number): Buffer {
  return new JuteWriter().int(xid).int(CLOSE_SESSION).finish();
}

/** @param digest `user:password` */
export function renderAuth(digest: string): Buffer {
  const writer = new JuteWriter().int(AUTH_XID).int(AUTH);
  return writer.int(0).string('digest').buffer(Buffer.from(digest, 'utf8')).finish();
}

export interface WatchedPaths {
  readonly data: readonly string[];
  readonly absent: readonly string[];
  readonly children: readonly string[];
}

type WatchedPath = readonly [kind: keyof WatchedPaths, path: string];

function splitBySize(paths: readonly WatchedPath[]): WatchedPath[][] {
  const parts: WatchedPath[][] = [];
  let bytes = SET_WATCHES_BYTES;
  for (const path of paths) {
    if (bytes >= SET_WATCHES_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(path);
    bytes += 4 + Buffer.byteLength(path[1]);
  }
  return parts;
}

function renderSetWatches(zxid: bigint, paths: readonly WatchedPath[]): Buffer {
  const writer = new JuteWriter().int(SET_WATCHES_XID).int(SET_WATCHES).long(zxid);
  for (const kind of ['data', 'absent', 'children'] as const) {
    const own = paths.filter((path) => path[0] === kind);
    writer.vector(own, ([, path]) => writer.string(path));
  }
  return writer.finish();
}

/** Sets watches again on a new connection: what changed after `zxid` is told at once. No message without watches. */
export function renderWatches(zxid: bigint, watched: WatchedPaths): Buffer[] {
  const kinds = ['data', 'absent', 'children'] as const;
  const paths = kinds.flatMap((kind) => watched[kind].map((path) => [kind, path] as const));
  return splitBySize(paths).map((part) => renderSetWatches(zxid, part));
}

export interface Reply {
  readonly xid: number;
  readonly zxid: bigint;
  readonly code: number;
  readonly body: Buffer;
}

export function parseReply(message: Buffer): Reply {
  const reader = new JuteReader(message);
  return { xid: reader.int(), zxid: reader.long(), code: reader.int(), body: message.subarray(16) };
}
