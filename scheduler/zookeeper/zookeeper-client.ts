/**
 * What the scheduler asks of ZooKeeper: master detection, state, leader election. Paths are absolute; results are those of
 * ZooKeeper's own protocol (docs/zookeeperProgrammers of ZooKeeper).
 */

/** One permission list entry: `scheme` is `world`, `auth` or `digest`. */
export interface Acl {
  readonly scheme: string;
  readonly id: string;
  /** Sum of READ 1, WRITE 2, CREATE 4, DELETE 8, ADMIN 16. */
  readonly permissions: number;
}

export interface Stat {
  /** Of the transaction that made the node: another node of the same name has another. */
  readonly czxid: bigint;
  readonly mzxid: bigint;
  readonly version: number;
  readonly childrenVersion: number;
  /** Session that owns an ephemeral node; 0n for a persistent one. */
  readonly ephemeralOwner: bigint;
  readonly dataLength: number;
  readonly childrenCount: number;
}

export type CreateMode = 'persistent' | 'persistent-sequential' | 'ephemeral' | 'ephemeral-sequential';

export interface CreateRequest {
  readonly path: string;
  readonly data: Uint8Array;
  readonly mode: CreateMode;
  /** Default: everything to the creator when there are credentials, else to the world. */
  readonly acl?: readonly Acl[];
}

/** One part of a `multi`; all of them happen or none. A version of -1 fits any. */
export type MultiOperation =
  | ({ readonly kind: 'create' } & CreateRequest)
  | { readonly kind: 'set'; readonly path: string; readonly data: Uint8Array; readonly version: number }
  | { readonly kind: 'delete'; readonly path: string; readonly version: number }
  | { readonly kind: 'check'; readonly path: string; readonly version: number };

/** Called once, at the next change; a lost and resumed connection keeps it, an expired session drops it. */
export type Watcher = (event: { readonly type: 'created' | 'deleted' | 'changed' | 'children' }) => void;

/**
 * `suspended`: no server answers; what is owned may be lost soon, so nothing may be done that needs it.
 * `expired`: the session and its ephemeral nodes are gone, also by the client's own clock when no server says so.
 */
export type SessionState = 'connecting' | 'connected' | 'suspended' | 'expired' | 'closed';

export interface ZooKeeperClient {
  readonly state: SessionState;
  readonly sessionId: bigint;
  /** Called at every change; the returned function takes the listener off. */
  onState(listener: (state: SessionState) => void): () => void;
  /** Undefined: there is no such node. */
  getData(
    path: string,
    watcher?: Watcher,
  ): Promise<{ readonly data: Uint8Array; readonly stat: Stat } | undefined>;
  /** Undefined: there is no such node. */
  getChildren(path: string, watcher?: Watcher): Promise<readonly string[] | undefined>;
  exists(path: string, watcher?: Watcher): Promise<Stat | undefined>;
  /** The path that it got, with its sequence. @throws StevedoreError ERR_ZOOKEEPER_NODE_EXISTS, ERR_ZOOKEEPER_NO_NODE */
  create(request: CreateRequest): Promise<string>;
  /** Makes the persistent nodes of a path that do not exist. */
  createPath(path: string): Promise<void>;
  /** @throws StevedoreError ERR_ZOOKEEPER_NO_NODE, ERR_ZOOKEEPER_BAD_VERSION */
  setData(path: string, data: Uint8Array, version: number): Promise<Stat>;
  /** @throws StevedoreError ERR_ZOOKEEPER_NO_NODE, ERR_ZOOKEEPER_BAD_VERSION, ERR_ZOOKEEPER_NOT_EMPTY */
  delete(path: string, version: number): Promise<void>;
  /** @throws what its first failing part throws; then nothing has happened. */
  multi(operations: readonly MultiOperation[]): Promise<void>;
  /** Ends the session at the server, so that ephemeral nodes go at once. */
  close(): Promise<void>;
}

export interface ZooKeeperOptions {
  /** `host:port`, tried in an order that chance gives. */
  readonly servers: readonly string[];
  /** `user:password` for the digest scheme. */
  readonly digest?: string | undefined;
  readonly sessionTimeoutMs: number;
  readonly tls?:
    | {
        readonly ca?: string | undefined;
        readonly cert?: string | undefined;
        readonly key?: string | undefined;
      }
    | undefined;
  /** Between 0 and 1. */
  readonly chance: () => number;
  readonly log: {
    info(fields: Readonly<Record<string, unknown>>, text: string): void;
    warn(fields: Readonly<Record<string, unknown>>, text: string): void;
  };
  readonly signal: AbortSignal;
}
