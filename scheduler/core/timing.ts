/** How long the engine waits for what, in milliseconds. */
export interface Timing {
  /** From TASK_UNREACHABLE to a replacement. */
  readonly unreachableMs: number;
  /** From TASK_UNKNOWN to a replacement: longer than a new master gives agents to come back (10 min). */
  readonly unknownMs: number;
  readonly backoffBaseMs: number;
  readonly backoffMaxMs: number;
  /** A task that was ready this long has no failures behind it. */
  readonly stableMs: number;
  /** A KILL without effect is sent again. */
  readonly killRetryMs: number;
  /** A launch of which nothing is heard is asked about. */
  readonly launchSilenceMs: number;
  readonly reconcileBaseMs: number;
  readonly reconcileMaxMs: number;
  readonly implicitReconcileMs: number;
  /** At least this between two REVIVEs. */
  readonly reviveIntervalMs: number;
  /** An instance of an every-agent component whose host makes no offer is given up. */
  readonly retireMs: number;
}

export const DEFAULT_TIMING: Timing = {
  unreachableMs: 300_000,
  unknownMs: 900_000,
  backoffBaseMs: 2_000,
  backoffMaxMs: 120_000,
  stableMs: 300_000,
  killRetryMs: 60_000,
  launchSilenceMs: 120_000,
  reconcileBaseMs: 4_000,
  reconcileMaxMs: 30_000,
  implicitReconcileMs: 600_000,
  reviveIntervalMs: 5_000,
  retireMs: 900_000,
};

/** Exponential with jitter: between half of the full delay and all of it, so that many instances do not return at once. */
export function toBackoffMs(
  attempt: number,
  chance: number,
  limits: { baseMs: number; maxMs: number },
): number {
  const fullMs = Math.min(limits.maxMs, limits.baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(fullMs * (0.5 + chance / 2));
}
