/** What is known of a ZooKeeper session at a moment, and what that means for those who own something by it. */
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Greeting } from './session-messages.ts';
import type { SessionState } from './zookeeper-client.ts';

export interface SessionSettings {
  /** In the order in which they are tried. */
  readonly servers: readonly string[];
  /** What is asked for; servers may grant another. */
  readonly sessionTimeoutMs: number;
}

/** The connection to one server. */
type Link =
  | { readonly kind: 'down'; readonly retryAtMs: number }
  | { readonly kind: 'opening'; readonly sinceMs: number }
  | { readonly kind: 'greeting'; readonly sinceMs: number; readonly sentMs: number }
  | { readonly kind: 'up'; readonly lastSentMs: number; readonly pingSentMs: number | undefined };

interface Session {
  readonly id: bigint;
  readonly password: Uint8Array;
  /** Granted by the server. */
  readonly timeoutMs: number;
  /**
   * When the newest request was sent that has an answer. The server cannot end the session before a whole timeout after
   * this; the time of the answer would not do, since it may have waited in a stopped process.
   */
  readonly provenMs: number;
}

/** A request that waits for a connection. */
export interface WaitingCall {
  readonly id: number;
  readonly isRead: boolean;
  readonly sinceMs: number;
}

/** A request without an answer yet. */
export interface SentCall extends WaitingCall {
  readonly xid: number;
  readonly sentMs: number;
}

export interface SessionModel {
  readonly settings: SessionSettings;
  /** Which server is tried or used; taken modulo their number. */
  readonly server: number;
  /** Connections in a row that came to nothing. */
  readonly failures: number;
  /** Those of them where the server did not answer in time. */
  readonly silentAttempts: number;
  readonly link: Link;
  readonly session: Session | undefined;
  readonly lastZxid: bigint;
  readonly lastXid: number;
  readonly waiting: readonly WaitingCall[];
  /** In the order of sending, which is that of the answers. */
  readonly sent: readonly SentCall[];
  /** Set once the end of the session was sent. */
  readonly closing: { readonly untilMs: number; readonly xid: number } | undefined;
  readonly isClosed: boolean;
  readonly announced: SessionState;
}

/** What happened. Those of the connection are of the present one; the socket layer drops events of former ones. */
export type SessionEvent =
  | { readonly kind: 'tick' }
  | { readonly kind: 'opened' }
  | {
      readonly kind: 'welcomed';
      readonly timeoutMs: number;
      readonly sessionId: bigint;
      readonly password: Uint8Array;
    }
  | {
      readonly kind: 'replied';
      readonly xid: number;
      readonly zxid: bigint;
      readonly code: number;
      readonly body: Buffer;
    }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'requested'; readonly id: number; readonly isRead: boolean }
  | { readonly kind: 'close' };

export type EventOf<Kind extends SessionEvent['kind']> = Extract<SessionEvent, { readonly kind: Kind }>;

/** What is to be done, in this order. */
export type SessionEffect =
  | { readonly kind: 'open'; readonly server: string }
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'greet'; readonly greeting: Greeting }
  | { readonly kind: 'authenticate' }
  /** Told at once: what changed after this transaction. */
  | { readonly kind: 'restore-watches'; readonly zxid: bigint }
  | { readonly kind: 'drop-watches' }
  | { readonly kind: 'ping' }
  | { readonly kind: 'send'; readonly id: number; readonly xid: number }
  | { readonly kind: 'complete'; readonly id: number; readonly code: number; readonly body: Buffer }
  | { readonly kind: 'fail'; readonly id: number; readonly code: ErrorCode; readonly problem: string }
  | { readonly kind: 'notify'; readonly body: Buffer }
  | { readonly kind: 'announce'; readonly state: SessionState }
  | { readonly kind: 'end-session'; readonly xid: number }
  /** Nothing follows. */
  | { readonly kind: 'finished' }
  | {
      readonly kind: 'log';
      readonly level: 'info' | 'warn';
      readonly text: string;
      readonly fields: Readonly<Record<string, unknown>>;
    };

export function createSessionModel(settings: SessionSettings, nowMs: number): SessionModel {
  return {
    settings,
    server: 0,
    failures: 0,
    silentAttempts: 0,
    link: { kind: 'down', retryAtMs: nowMs },
    session: undefined,
    lastZxid: 0n,
    lastXid: 0,
    waiting: [],
    sent: [],
    closing: undefined,
    isClosed: false,
    announced: 'connecting',
  };
}
