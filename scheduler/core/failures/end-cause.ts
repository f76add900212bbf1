/** Why a task ended that should run: what follows depends on whose doing it was (mesos.proto, TaskState and Reason). */
import type { TaskState } from '../../../protocol/mesos/task.ts';
import type { InstancePhase } from '../instance.ts';

export type EndCause =
  /** The service, its executor or its agent failed: it waits longer each time. */
  | 'failed'
  /** It never ran: the offer was gone, or the launch did not get through. */
  | 'never-started'
  /** The agent is drained, or gave the task up for somebody else: no fault of the service, and it must move. */
  | 'evicted'
  /** An operator says that the agent never comes back; what lay on it is lost. */
  | 'host-gone';

export interface TaskEnd {
  readonly state: TaskState;
  readonly reason?: string | undefined;
}

const EVICTIONS: ReadonlySet<string> = new Set([
  'REASON_AGENT_DRAINING',
  'REASON_CONTAINER_PREEMPTED',
  'REASON_FRAMEWORK_REMOVED',
]);

/** Whatever the state: with these Mesos gave the task to no executor. */
const NOT_DELIVERED: ReadonlySet<string> = new Set([
  'REASON_INVALID_OFFERS',
  'REASON_RESOURCES_UNKNOWN',
  'REASON_GC_ERROR',
]);

/** These say so only of a task of which nothing was heard. */
const MAYBE_NOT_DELIVERED: ReadonlySet<string> = new Set([
  'REASON_AGENT_DISCONNECTED',
  'REASON_AGENT_REMOVED',
  'REASON_AGENT_RESTARTED',
  'REASON_MASTER_DISCONNECTED',
  'REASON_RECONCILIATION',
]);

/**
 * `phase` is that before the end. A framework that is PARTITION_AWARE still gets TASK_LOST of agents without
 * checkpointing, and TASK_GONE as the answer about a launch that never arrived.
 */
export function classifyEnd({ state, reason = '' }: TaskEnd, phase: InstancePhase): EndCause {
  if (state === 'TASK_GONE_BY_OPERATOR') return 'host-gone';
  if (EVICTIONS.has(reason)) return 'evicted';
  if (state === 'TASK_DROPPED' || NOT_DELIVERED.has(reason)) return 'never-started';
  const isLost = state === 'TASK_LOST' || state === 'TASK_GONE';
  if (isLost && phase === 'launching' && MAYBE_NOT_DELIVERED.has(reason)) return 'never-started';
  return 'failed';
}
