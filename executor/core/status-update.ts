/** Status updates and calls as the agent's executor API takes them. */
import type { ExecutorCall, ExecutorUpdate } from '../../protocol/mesos/executor.ts';
import type { TaskState } from '../../protocol/mesos/task.ts';
import { renderLabels } from '../../protocol/status-labels.ts';
import type { AgentEnvironment } from './agent-environment.ts';
import type { UpdateQueue } from './update-queue.ts';

export interface StatusContent {
  readonly taskId: string;
  readonly executorId: string;
  readonly state: TaskState;
  readonly message?: string;
  readonly healthy?: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Stamp {
  /** Sixteen bytes, new for each update. */
  readonly uuid: Uint8Array;
  readonly nowMs: number;
}

/** `agent_id` stays unset on purpose: an agent silently drops an update that names another. */
export function renderUpdate(content: StatusContent, stamp: Stamp): ExecutorUpdate {
  const { taskId, executorId, state, message, healthy, labels } = content;
  return {
    status: {
      task_id: { value: taskId },
      executor_id: { value: executorId },
      state,
      source: 'SOURCE_EXECUTOR',
      uuid: Buffer.from(stamp.uuid).toString('base64'),
      timestamp: stamp.nowMs / 1000,
      labels: renderLabels(labels),
      ...(message === undefined ? {} : { message }),
      ...(healthy === undefined ? {} : { healthy }),
    },
  };
}

type Identity = Pick<AgentEnvironment, 'frameworkId' | 'executorId'>;

function identify({ frameworkId, executorId }: Identity) {
  return { framework_id: { value: frameworkId }, executor_id: { value: executorId } };
}

export function renderSubscribeCall(identity: Identity, queue: UpdateQueue): ExecutorCall {
  const { tasks, updates } = queue;
  return {
    type: 'SUBSCRIBE',
    ...identify(identity),
    subscribe: { unacknowledged_tasks: tasks, unacknowledged_updates: updates },
  };
}

export function renderUpdateCall(identity: Identity, update: ExecutorUpdate): ExecutorCall {
  return { type: 'UPDATE', ...identify(identity), update };
}
