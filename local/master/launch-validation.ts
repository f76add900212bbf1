/** Why the master refuses to launch one task: TASK_ERROR with these texts of Mesos' src/master/validation.cpp. */
import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '../../protocol/mesos/resource.ts';
import type { ExecutorInfo, TaskInfo } from '../../protocol/mesos/task.ts';
import { addResources, containsResources } from '../../protocol/resources.ts';
import { SCHEDULER_API } from '../wire/api-proto.ts';
import { renderText } from '../wire/render-text.ts';
import { findIdProblem } from '../names.ts';
import { renderResources } from './resource-text.ts';

/** What the task is held against. */
export interface LaunchContext {
  readonly frameworkId: string;
  readonly agentId: string;
  readonly taskIds: ReadonlySet<string>;
  /** The executor of that id which already runs on the agent. */
  readonly running: ExecutorInfo | undefined;
  /** Of the offers, without what tasks before took. */
  readonly available: readonly Resource[];
}

const LINE = '-'.repeat(60);

function renderMismatch(running: ExecutorInfo, executor: ExecutorInfo): string {
  const existing = renderText(SCHEDULER_API, 'ExecutorInfo', running);
  const wanted = renderText(SCHEDULER_API, 'ExecutorInfo', executor);
  return (
    'ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.\n' +
    `${LINE}\nExisting ExecutorInfo:\n${existing}\n${LINE}\nExecutorInfo:\n${wanted}\n${LINE}\n`
  );
}

function findExecutorProblem(executor: ExecutorInfo, context: LaunchContext): string | undefined {
  const actual = executor.framework_id?.value;
  const invalid = findIdProblem(executor.executor_id.value);
  if (invalid !== undefined) return `Executor ID is invalid: ${invalid}`;
  if (actual !== context.frameworkId)
    return `ExecutorInfo has an invalid FrameworkID (Actual: ${actual} vs Expected: ${context.frameworkId})`;
  if (executor.type === 'DEFAULT') return "'ExecutorInfo.type' must not be 'DEFAULT' in a LAUNCH operation";
  if (executor.command === undefined) return "'ExecutorInfo.command' must be set for 'CUSTOM' executor";
  if (context.running === undefined || isDeepStrictEqual(context.running, executor)) return undefined;
  return renderMismatch(context.running, executor);
}

/** What the launch takes from the offers: a running executor is paid for already. */
export function launchedResources(task: TaskInfo, running: ExecutorInfo | undefined): Resource[] {
  const executor = running === undefined ? (task.executor?.resources ?? []) : [];
  return addResources(task.resources ?? [], executor);
}

function findResourceProblem(task: TaskInfo, context: LaunchContext): string | undefined {
  if ((task.resources ?? []).length === 0) return 'Task uses no resources';
  const total = launchedResources(task, context.running);
  if (containsResources(context.available, total)) return undefined;
  return (
    `Total resources ${renderResources(total)} required by task and its executor is more than available ` +
    renderResources(context.available)
  );
}

function findIdentityProblem(task: TaskInfo, context: LaunchContext): string | undefined {
  const id = task.task_id.value;
  const invalid = findIdProblem(id);
  if (invalid !== undefined) return `Task ID is invalid: ${invalid}`;
  if (context.taskIds.has(id)) return `Task has duplicate ID: ${id}`;
  if (task.agent_id.value === context.agentId) return undefined;
  return `Task uses invalid agent ${task.agent_id.value} while agent ${context.agentId} is expected`;
}

export function findTaskProblem(task: TaskInfo, context: LaunchContext): string | undefined {
  const identity = findIdentityProblem(task, context);
  if (identity !== undefined) return identity;
  if ((task.executor === undefined) === (task.command === undefined))
    return 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present';
  const executor = task.executor && findExecutorProblem(task.executor, context);
  return executor ?? findResourceProblem(task, context);
}
