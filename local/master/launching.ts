/** LAUNCH: every task is held against what is left of the offers, and starts or is refused by itself. */
import type { Resource, Value } from '../../protocol/mesos/resource.ts';
import type { ExecutorInfo, TaskInfo, TaskState } from '../../protocol/mesos/task.ts';
import { subtractResources } from '../../protocol/resources.ts';
import { findTaskProblem, launchedResources } from './launch-validation.ts';
import type { Master } from './master.ts';
import type { OperationScope } from './operations.ts';
import { executorKey, type FrameworkRecord } from './records.ts';
import { allocateTask } from './role-resources.ts';
import { refusedStatus } from './statuses.ts';

/** As received: neither an id nor the body is ruled out. */
interface NamedLaunch {
  readonly type: 'LAUNCH';
  readonly id?: Value<string>;
  readonly launch?: { readonly task_infos?: readonly TaskInfo[] };
}

export function refuseTask(
  master: Master,
  framework: FrameworkRecord,
  task: TaskInfo,
  refusal: { state: TaskState; reason: string; message: string },
): void {
  const identity = { taskId: task.task_id.value, agentId: task.agent_id.value };
  const { state, reason, message } = refusal;
  master.sendUpdate(framework, refusedStatus(identity, state, reason, message));
}

/** The executor that Mesos itself provides for a task with a command. */
function commandExecutor(task: TaskInfo, framework: FrameworkRecord): ExecutorInfo {
  const { value, uris, environment, user } = task.command ?? {};
  return {
    type: 'CUSTOM',
    executor_id: task.task_id,
    framework_id: { value: framework.id },
    command: {
      ...(value === undefined ? {} : { value }),
      ...(uris === undefined ? {} : { uris }),
      ...(environment === undefined ? {} : { environment }),
      ...(user === undefined ? {} : { user }),
    },
    name: `Command Executor (Task: ${task.task_id.value}) (Command: sh -c '${value ?? ''}')`,
    source: task.task_id.value,
  };
}

/** What the offers hold while the operations are done one by one. */
export interface Progress extends OperationScope {
  available: Resource[];
}

function startTask({ framework, agent }: Progress, task: TaskInfo): void {
  const taskId = task.task_id.value;
  const executor = task.executor ?? commandExecutor(task, framework);
  const executorId = executor.executor_id.value;
  if (task.executor !== undefined)
    agent.executors.set(executorKey(framework.id, executorId), { frameworkId: framework.id, info: executor });
  framework.tasks.set(taskId, {
    frameworkId: framework.id,
    agentId: agent.id,
    executorId: task.executor === undefined ? undefined : executorId,
    info: task,
    state: 'TASK_STAGING',
    status: undefined,
    statuses: [],
  });
  agent.channel?.send({ type: 'RUN_TASK', framework: framework.info, task, executor });
}

function refuseInvalid({ master, framework }: OperationScope, task: TaskInfo, message: string): void {
  refuseTask(master, framework, task, { state: 'TASK_ERROR', reason: 'REASON_TASK_INVALID', message });
}

function launchTask(progress: Progress, wanted: TaskInfo): void {
  const { framework, agent, role, available } = progress;
  const task = allocateTask(wanted, framework.id, role);
  const executorId = task.executor?.executor_id.value;
  const running =
    executorId === undefined ? undefined : agent.executors.get(executorKey(framework.id, executorId))?.info;
  const taskIds = new Set(framework.tasks.keys());
  const context = { frameworkId: framework.id, agentId: agent.id, taskIds, running, available };
  const problem = findTaskProblem(task, context);
  if (problem !== undefined) return refuseInvalid(progress, task, problem);
  progress.available = subtractResources(available, launchedResources(task, running));
  startTask(progress, task);
}

export function launchTasks(progress: Progress, { id, launch }: NamedLaunch): void {
  for (const task of launch?.task_infos ?? [])
    if (id === undefined) launchTask(progress, task);
    else refuseInvalid(progress, task, 'The `id` field cannot be set on LAUNCH operations');
}
