/** Task states that the master itself tells: about refused launches, lost agents, and in answer to RECONCILE. None has a uuid. */
import type { FrameworkInfo } from '../../protocol/mesos/framework.ts';
import type { TaskState, TaskStatus } from '../../protocol/mesos/task.ts';
import { type AgentRecord, partitionState, type TaskRecord } from './records.ts';

type Nanoseconds = { readonly unreachable_time?: { readonly nanoseconds: number } };
export type MasterStatus = TaskStatus & Nanoseconds;

/** About a task that was never launched. */
export function refusedStatus(
  task: { taskId: string; agentId: string },
  state: TaskState,
  reason: string,
  message: string,
): TaskStatus {
  return {
    task_id: { value: task.taskId },
    state,
    message,
    source: 'SOURCE_MASTER',
    reason,
    agent_id: { value: task.agentId },
    timestamp: Date.now() / 1000,
  };
}

/** About a task whose agent went away. */
export function agentLostStatus(
  task: TaskRecord,
  state: TaskState,
  reason: string,
  message: string,
): TaskStatus {
  const refused = refusedStatus(
    { taskId: task.info.task_id.value, agentId: task.agentId },
    state,
    reason,
    message,
  );
  return task.executorId === undefined ? refused : { ...refused, executor_id: { value: task.executorId } };
}

/** When an agent was given up, to nanoseconds. */
export function unreachableTime(agent: AgentRecord): Nanoseconds {
  if (agent.unreachableMs === undefined) return {};
  return { unreachable_time: { nanoseconds: agent.unreachableMs * 1e6 } };
}

/** A copy of the latest state: data, message and labels are not kept. */
export function knownStatus(task: TaskRecord, reason: string, message: string): TaskStatus {
  const { healthy, container_status } = task.status ?? {};
  return {
    task_id: task.info.task_id,
    state: task.status?.state ?? task.state,
    message,
    source: 'SOURCE_MASTER',
    reason,
    agent_id: { value: task.agentId },
    ...(task.executorId === undefined ? {} : { executor_id: { value: task.executorId } }),
    timestamp: Date.now() / 1000,
    ...(healthy === undefined ? {} : { healthy }),
    ...(container_status === undefined ? {} : { container_status }),
  };
}

function unknownStatus(
  taskId: string,
  agentId: string | undefined,
  state: TaskState,
  text: string,
): TaskStatus {
  return {
    task_id: { value: taskId },
    state,
    message: `Reconciliation: Task is ${text}`,
    source: 'SOURCE_MASTER',
    reason: 'REASON_RECONCILIATION',
    ...(agentId === undefined ? {} : { agent_id: { value: agentId } }),
    timestamp: Date.now() / 1000,
  };
}

/** About a task of an agent that an operator gave up. */
export function goneStatus(info: FrameworkInfo, task: { taskId: string; agentId: string }): TaskStatus {
  return unknownStatus(task.taskId, task.agentId, partitionState(info, 'TASK_GONE_BY_OPERATOR'), 'gone');
}

/** The answer about a task that the master does not know: it depends on what became of the agent. */
export function reconcileUnknown(
  info: FrameworkInfo,
  task: { taskId: string; agentId: string | undefined },
  agent: AgentRecord | undefined,
): MasterStatus {
  const { taskId, agentId } = task;
  if (agent === undefined)
    return unknownStatus(taskId, agentId, partitionState(info, 'TASK_UNKNOWN'), 'unknown');
  if (agent.unreachableMs === undefined)
    return unknownStatus(taskId, agentId, partitionState(info, 'TASK_GONE'), 'unknown to the agent');
  const unreachable = partitionState(info, 'TASK_UNREACHABLE');
  return { ...unknownStatus(taskId, agentId, unreachable, 'unreachable'), ...unreachableTime(agent) };
}
