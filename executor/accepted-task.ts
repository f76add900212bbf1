/** The task that an executor was launched for: what it says of itself, and how much grace it has. */
import { type LaunchSpec, parseLaunchSpec } from '../protocol/launch-spec.ts';
import type { KillPolicy, TaskInfo } from '../protocol/mesos/task.ts';
import { messageOf } from '../protocol/errors.ts';
import { resolveKillGraceMs, resolveShutdownGraceMs } from './core/kill-policy.ts';
import { TaskWork, type TaskWorkParts } from './task-work.ts';

export interface AcceptedTask {
  readonly taskId: string;
  /** Why it cannot be run; then there is no work. */
  readonly problem?: string;
  readonly work?: TaskWork;
  /** Milliseconds, for a KILL with this policy. */
  readonly killGraceMs: (request?: KillPolicy) => number;
}

/** Of a task whose launch spec cannot be read. */
const UNKNOWN_GRACE_MS = 5000;

function readSpec(task: TaskInfo): LaunchSpec | string {
  try {
    return parseLaunchSpec(task.data);
  } catch (error) {
    return messageOf(error);
  }
}

export function acceptTask(
  task: TaskInfo,
  parts: Pick<TaskWorkParts, 'sandbox' | 'provision' | 'log'>,
): AcceptedTask {
  const taskId = task.task_id.value;
  const spec = readSpec(task);
  if (typeof spec === 'string') return { taskId, problem: spec, killGraceMs: () => UNKNOWN_GRACE_MS };
  const killGraceMs = (request?: KillPolicy) =>
    resolveKillGraceMs(request, task.kill_policy, spec.killGraceMs);
  return { taskId, killGraceMs, work: new TaskWork({ ...parts, spec, graceMs: killGraceMs() }) };
}

/** Within what the agent allows at a shutdown; none when there is no task. */
export function shutdownGraceMs(task: AcceptedTask | undefined, shutdownPeriodMs: number): number {
  return resolveShutdownGraceMs(task?.killGraceMs() ?? 0, shutdownPeriodMs);
}
