/** How long a task may take to end by itself. */
import type { KillPolicy } from '../../protocol/mesos/task.ts';

/** What the agent needs to see the end of an executor before it destroys the container. */
const SHUTDOWN_MARGIN_MS = 2000;

function graceOf(policy: KillPolicy | undefined): number | undefined {
  const nanoseconds = policy?.grace_period?.nanoseconds;
  return nanoseconds === undefined ? undefined : Math.round(nanoseconds / 1e6);
}

/** The request's own policy, else the task's, else what the service says of itself. Milliseconds. */
export function resolveKillGraceMs(
  request: KillPolicy | undefined,
  task: KillPolicy | undefined,
  serviceGraceMs: number,
): number {
  return graceOf(request) ?? graceOf(task) ?? serviceGraceMs;
}

/** At a SHUTDOWN the agent destroys the container after its own period, so the end has to come before that. */
export function resolveShutdownGraceMs(killGraceMs: number, shutdownPeriodMs: number): number {
  const available = Math.max(shutdownPeriodMs - SHUTDOWN_MARGIN_MS, shutdownPeriodMs / 2);
  return Math.min(killGraceMs, available);
}
