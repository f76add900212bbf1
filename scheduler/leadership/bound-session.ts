/** One session of a ZooKeeper client, which makes another when it expires: what was owned in this one is then lost. */
import { StevedoreError } from '../../protocol/errors.ts';
import type { SessionState, ZooKeeperClient } from '../zookeeper/zookeeper-client.ts';

/** True when the request may have been carried out, and may be asked about on the next connection. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof StevedoreError && error.code === 'ERR_ZOOKEEPER_CONNECTION_LOST';
}

const PASSING = new Set([
  'ERR_ZOOKEEPER_CONNECTION_LOST',
  'ERR_ZOOKEEPER_SESSION_EXPIRED',
  'ERR_ZOOKEEPER_CLOSED',
  'ERR_ZOOKEEPER_NO_NODE',
]);

/** True when it is worth looking again at what ZooKeeper holds, in this session or the next. */
export function isPassing(error: unknown): boolean {
  return error instanceof StevedoreError && PASSING.has(error.code);
}

export class BoundSession {
  readonly #client: ZooKeeperClient;
  readonly #sessionId: bigint;
  #isOver = false;

  /** The client must be connected. */
  constructor(client: ZooKeeperClient) {
    this.#client = client;
    this.#sessionId = client.sessionId;
    const off = client.onState(() => {
      if (this.isOver) off();
    });
  }

  /** True while what it owns is certainly still owned, by our own clock: also right after this process was stopped. */
  get isConnected(): boolean {
    return this.#read() === 'connected';
  }

  /** True once it is gone for good. */
  get isOver(): boolean {
    const state = this.#read();
    this.#isOver ||= state === 'expired' || state === 'closed';
    return this.#isOver;
  }

  /** Waits until a server answers. False: the session is gone. */
  resume(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const look = () => {
      if (this.isOver) resolve(false);
      else if (this.isConnected) resolve(true);
    };
    const off = this.#client.onState(look);
    look();
    return promise.finally(off);
  }

  /** Calls once when it is gone; the returned function takes the listener off. */
  onOver(listener: () => void): () => void {
    const off = this.#client.onState(() => {
      if (!this.isOver) return;
      off();
      listener();
    });
    return off;
  }

  #read(): SessionState {
    const { state, sessionId } = this.#client;
    return sessionId === this.#sessionId && !this.#isOver ? state : 'expired';
  }
}

/** Waits for a session. False: the signal came first, or the client is closed. */
export function waitForSession(client: ZooKeeperClient, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const look = () => {
    if (signal.aborted || client.state === 'closed') resolve(false);
    else if (client.state === 'connected') resolve(true);
  };
  const off = client.onState(look);
  signal.addEventListener('abort', look);
  look();
  return promise.finally(() => {
    off();
    signal.removeEventListener('abort', look);
  });
}
