/** How long the engine waits for what, in milliseconds. */
export interface Timing {
  /** From TASK_UNREACHABLE to a replacement. */
  readonly unreachableMs: number;
  /** From TASK_UNKNOWN to a replacement: longer than a new master gives agents to come back (10 min). */
  readonly unknownMs: number;
  readonly backoffBaseMs: number;
  readonly backoffMaxMs: number;
  /** A task that Mesos dropped before it started is no failure: it is tried again sooner. */
  readonly dropBackoffBaseMs: number;
  readonly dropBackoffMaxMs: number;
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
  /** Beyond a task's own grace, before its executor is shut down. */
  readonly shutdownMarginMs: number;
  /** Ends that are this close together make a crash loop. */
  readonly crashLoopWindowMs: number;
  /** Failures on one host count together within this. */
  readonly agentWindowMs: number;
  /** How long such a host is avoided at first, and at most. */
  readonly agentBackoffBaseMs: number;
  readonly agentBackoffMaxMs: number;
  /** A host whose maintenance begins within this gets nothing new, and what can leave leaves. */
  readonly maintenanceLeadMs: number;
  /** What the fetch of the executor bundle may take: well below the agents' executor_registration_timeout (1 min). */
  readonly fetchMs: number;
  /** What tasks get to end by themselves before the framework is removed. */
  readonly teardownGraceMs: number;
  /** A refused offer explains why an instance waits for this long. */
  readonly explainMs: number;
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
  dropBackoffBaseMs: 500,
  dropBackoffMaxMs: 30_000,
  shutdownMarginMs: 30_000,
  crashLoopWindowMs: 900_000,
  agentWindowMs: 600_000,
  agentBackoffBaseMs: 120_000,
  agentBackoffMaxMs: 3_600_000,
  maintenanceLeadMs: 3_600_000,
  fetchMs: 20_000,
  teardownGraceMs: 45_000,
  explainMs: 900_000,
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
