/** While an operator drains the agent, everything is killed, and the updates say that this is why. */
import type { FrameworkInfo } from '../../protocol/mesos/framework.ts';
import type { TaskStatus } from '../../protocol/mesos/task.ts';
import { isPartitionAware } from './partition.ts';

/** KILLING and KILLED get the reason; from an agent that is to be gone for ever they are GONE_BY_OPERATOR. */
export function drainedStatus(
  status: TaskStatus,
  drain: { readonly markGone: boolean } | undefined,
  info: FrameworkInfo,
): TaskStatus {
  if (drain === undefined || !['TASK_KILLING', 'TASK_KILLED'].includes(status.state)) return status;
  const drained = { ...status, reason: 'REASON_AGENT_DRAINING' };
  return drain.markGone && isPartitionAware(info) ? { ...drained, state: 'TASK_GONE_BY_OPERATOR' } : drained;
}
