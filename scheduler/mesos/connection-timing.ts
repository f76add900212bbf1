/** How long the connection to the master waits for what. */
export interface ConnectionTiming {
  /** For the head of the answer to SUBSCRIBE. */
  readonly subscribeTimeoutMs: number;
  readonly callTimeoutMs: number;
  /** So many heartbeat intervals without any event end a stream. */
  readonly missedHeartbeats: number;
  readonly backoffBaseMs: number;
  readonly backoffMaxMs: number;
  /** A subscription that held this long has no failures behind it. */
  readonly stableMs: number;
  /** The same trouble is told again after this. */
  readonly reminderMs: number;
}

export const DEFAULT_CONNECTION_TIMING: ConnectionTiming = {
  subscribeTimeoutMs: 30_000,
  callTimeoutMs: 75_000,
  missedHeartbeats: 5,
  backoffBaseMs: 500,
  backoffMaxMs: 15_000,
  stableMs: 60_000,
  reminderMs: 600_000,
};
