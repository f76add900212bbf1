/**
 * What the agent has not acknowledged: it is told again at every re-subscription, since an agent drops tasks that an
 * executor does not name (docs/executor-http-api.md of Mesos).
 */
import type { ExecutorUpdate } from '../../protocol/mesos/executor.ts';
import type { TaskInfo } from '../../protocol/mesos/task.ts';

export interface UpdateQueue {
  /** Tasks of which no update was acknowledged yet. */
  readonly tasks: readonly TaskInfo[];
  /** In the order in which they were made. */
  readonly updates: readonly ExecutorUpdate[];
}

export const EMPTY_QUEUE: UpdateQueue = { tasks: [], updates: [] };

export function addTask(queue: UpdateQueue, task: TaskInfo): UpdateQueue {
  const known = queue.tasks.some(({ task_id }) => task_id.value === task.task_id.value);
  return known ? queue : { ...queue, tasks: [...queue.tasks, task] };
}

export function addUpdate(queue: UpdateQueue, update: ExecutorUpdate): UpdateQueue {
  return { ...queue, updates: [...queue.updates, update] };
}

/** Takes out the update, and its task: one acknowledged update is enough for the agent to know the task. */
export function acknowledge(queue: UpdateQueue, taskId: string, uuid: string): UpdateQueue {
  const updates = queue.updates.filter(({ status }) => status.uuid !== uuid);
  if (updates.length === queue.updates.length) return queue;
  return { updates, tasks: queue.tasks.filter(({ task_id }) => task_id.value !== taskId) };
}
