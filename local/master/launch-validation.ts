/** Why the master refuses to launch one task: TASK_ERROR with these texts of Mesos' src/master/validation.cpp. */
import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '../../protocol/mesos/resource.ts';
import type { DurationInfo, ExecutorInfo, TaskInfo } from '../../protocol/mesos/task.ts';
import { addResources, offeredPorts } from '../../protocol/resources.ts';
import { holdsResources } from '../operations.ts';
import { findDuplicateVolume, findUseProblem } from '../resource-validation.ts';
import { SCHEDULER_API } from '../wire/api-proto.ts';
import { renderText } from '../wire/render-text.ts';
import { findIdProblem } from '../names.ts';
import { findFormatProblem } from './operation-validation.ts';
import { renderResources, renderResourcesJson } from './resource-text.ts';

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

function findTypeProblem({ type, command }: ExecutorInfo): string | undefined {
  if (type === 'DEFAULT' && command !== undefined)
    return "'ExecutorInfo.command' must not be set for 'DEFAULT' executor";
  if (type === 'DEFAULT') return "'ExecutorInfo.type' must not be 'DEFAULT' in a LAUNCH operation";
  return command === undefined ? "'ExecutorInfo.command' must be set for 'CUSTOM' executor" : undefined;
}

function isNegative(duration: DurationInfo | undefined): boolean {
  return (duration?.nanoseconds ?? 0) < 0;
}

/** `user` is who uses them: Task or Executor. */
function findUsedProblem(user: 'Task' | 'Executor', resources: readonly Resource[]): string | undefined {
  const invalid = findUseProblem(resources);
  if (invalid !== undefined) return `${user} uses invalid resources: ${invalid}`;
  const duplicate = findDuplicateVolume(resources);
  if (duplicate !== undefined) return `${user} uses duplicate persistence ID: ${duplicate}`;
  const roles = [...new Set(resources.map(({ allocation_info }) => allocation_info?.role))];
  return roles.length > 1
    ? `Invalid ${user.toLowerCase()} resources: The resources have multiple allocation roles ('${roles[1]}' and '${roles[0]}') but only one allocation role is allowed`
    : undefined;
}

function findExecutorProblem(executor: ExecutorInfo, context: LaunchContext): string | undefined {
  const actual = executor.framework_id?.value;
  const invalid = findTypeProblem(executor) ?? findIdProblem(executor.executor_id.value);
  if (invalid !== undefined) return invalid;
  if (isNegative(executor.shutdown_grace_period))
    return "ExecutorInfo's 'shutdown_grace_period' must be non-negative";
  if (actual !== context.frameworkId)
    return `ExecutorInfo has an invalid FrameworkID (Actual: ${actual} vs Expected: ${context.frameworkId})`;
  const used = findUsedProblem('Executor', executor.resources ?? []);
  if (used !== undefined) return used;
  if (context.running === undefined || isDeepStrictEqual(context.running, executor)) return undefined;
  return renderMismatch(context.running, executor);
}

/** Ports that two ask for at once: together they are fewer than one by one. */
function findOverlap(task: TaskInfo): string | undefined {
  const [own, executor] = [task.resources ?? [], task.executor?.resources ?? []];
  const count = (resources: readonly Resource[]): number =>
    offeredPorts(resources).reduce((sum, { begin, end }) => sum + end - begin + 1, 0);
  if (count(own) + count(executor) === count([...own, ...executor])) return undefined;
  return `There are overlapping resources in the task resources ${renderResourcesJson(own)} and executor resources ${renderResourcesJson(executor)}`;
}

/** What the launch takes from the offers: a running executor is paid for already. */
export function launchedResources(task: TaskInfo, running: ExecutorInfo | undefined): Resource[] {
  const executor = running === undefined ? (task.executor?.resources ?? []) : [];
  return addResources(task.resources ?? [], executor);
}

function findResourceProblem(task: TaskInfo, context: LaunchContext): string | undefined {
  const total = launchedResources(task, context.running);
  if (holdsResources(context.available, total)) return undefined;
  return (
    `Total resources ${renderResources(total)} required by task and its executor is more than available ` +
    renderResources(context.available)
  );
}

function findIdentityProblem(task: TaskInfo, context: LaunchContext): string | undefined {
  const id = task.task_id.value;
  const invalid = findIdProblem(id);
  if (invalid !== undefined) return invalid;
  if (context.taskIds.has(id)) return `Task has duplicate ID: ${id}`;
  if (task.agent_id.value === context.agentId) return undefined;
  return `Task uses invalid agent ${task.agent_id.value} while agent ${context.agentId} is expected`;
}

function findOwnProblem(task: TaskInfo): string | undefined {
  if (isNegative(task.kill_policy?.grace_period))
    return "Task's 'kill_policy.grace_period' must be non-negative";
  const resources = task.resources ?? [];
  return resources.length === 0 ? 'Task uses no resources' : findUsedProblem('Task', resources);
}

/** In Mesos' order: what is written wrong, then what does not fit what is known. */
export function findTaskProblem(task: TaskInfo, context: LaunchContext): string | undefined {
  const wrong =
    findFormatProblem([...(task.resources ?? []), ...(task.executor?.resources ?? [])]) ??
    findIdentityProblem(task, context) ??
    findOwnProblem(task);
  if (wrong !== undefined) return wrong;
  if ((task.executor === undefined) === (task.command === undefined))
    return 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present';
  const executor = task.executor && findExecutorProblem(task.executor, context);
  return executor ?? findOverlap(task) ?? findResourceProblem(task, context);
}
