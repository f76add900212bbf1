/** Frameworks that do not know of partitions hear TASK_LOST for each of the newer states. */
import type { FrameworkInfo } from '../../protocol/mesos/framework.ts';
import type { TaskState } from '../../protocol/mesos/task.ts';

export function isPartitionAware(info: FrameworkInfo): boolean {
  return info.capabilities?.some((capability) => capability.type === 'PARTITION_AWARE') ?? false;
}

export function partitionLost(info: FrameworkInfo, state: TaskState): TaskState {
  return isPartitionAware(info) ? state : 'TASK_LOST';
}
