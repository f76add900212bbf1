/** ACCEPT: the offers are checked together, then every task by itself; what is left of the offers is refused. */
import type { Resource, Value } from '../../protocol/mesos/resource.ts';
import type { Operation } from '../../protocol/mesos/operation.ts';
import type { Filters } from '../../protocol/mesos/scheduler.ts';
import type { ExecutorInfo, TaskInfo, TaskState } from '../../protocol/mesos/task.ts';
import { subtractResources } from '../../protocol/resources.ts';
import { findTaskProblem, launchedResources } from './launch-validation.ts';
import type { Master } from './master.ts';
import { applyOperation, isResourceOperation, type OperationScope, refuseOperation } from './operations.ts';
import {
  type AgentRecord,
  executorKey,
  type FrameworkRecord,
  type OfferRecord,
  partitionState,
} from './records.ts';
import { allocateTask } from './role-resources.ts';
import { refusedStatus } from './statuses.ts';

export interface Acceptance {
  readonly offer_ids?: readonly Value<string>[];
  readonly operations?: readonly (Operation | GroupOperation)[];
  readonly filters?: Filters;
}

/** As received: neither an id nor the body is ruled out. */
interface NamedLaunch {
  readonly type: 'LAUNCH';
  readonly id?: Value<string>;
  readonly launch?: { readonly task_infos?: readonly TaskInfo[] };
}

interface GroupOperation {
  readonly type: 'LAUNCH_GROUP';
  readonly launch_group: { readonly task_group: { readonly tasks: readonly TaskInfo[] } };
}

const NO_GROUPS = 'Task groups are not supported by this Mesos: launch each task with a LAUNCH operation';

/** The text of Mesos when these offers cannot be accepted together. */
function findOffersProblem(
  master: Master,
  framework: FrameworkRecord,
  ids: readonly string[],
): string | undefined {
  if (ids.length === 0) return 'No offers specified';
  const offers = ids.map((id) => master.offers.get(id));
  const missing = ids.find((_id, index) => offers[index] === undefined);
  const duplicate = ids.find((id, index) => ids.indexOf(id) !== index);
  if (duplicate !== undefined) return `Duplicate offer ID ${duplicate}`;
  if (missing !== undefined) return `Offer ${missing} is no longer valid`;
  const [first, ...others] = offers as OfferRecord[];
  const foreign = (offers as OfferRecord[]).find((offer) => offer.frameworkId !== framework.id);
  if (foreign !== undefined)
    return `Offer ${foreign.id} has invalid framework ${foreign.frameworkId} while framework ${framework.id} is expected`;
  const elsewhere = others.find((offer) => offer.agentId !== first?.agentId);
  if (elsewhere !== undefined)
    return `Aggregated offers must belong to one single agent. Offer ${elsewhere.id} uses agent ${elsewhere.agentId} and agent ${first?.agentId}`;
  const otherRole = others.find((offer) => offer.role !== first?.role);
  // Mesos, too, leaves these quotes open.
  return (
    otherRole &&
    `Aggregated offers must be allocated to the same role. Offer ${otherRole.id} uses role '${otherRole.role} but another is using role '${first?.role}`
  );
}

function refuseTask(
  master: Master,
  framework: FrameworkRecord,
  task: TaskInfo,
  refusal: { state: TaskState; reason: string; message: string },
): void {
  const identity = { taskId: task.task_id.value, agentId: task.agent_id.value };
  const { state, reason, message } = refusal;
  master.sendUpdate(framework, refusedStatus(identity, state, reason, message));
}

function tasksOf(acceptance: Acceptance): readonly TaskInfo[] {
  return (acceptance.operations ?? []).flatMap((operation) => {
    if (operation.type === 'LAUNCH') return [...(operation.launch?.task_infos ?? [])];
    if (operation.type === 'LAUNCH_GROUP') return [...operation.launch_group.task_group.tasks];
    return [];
  });
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
interface Progress extends OperationScope {
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

function launchTasks(progress: Progress, { id, launch }: NamedLaunch): void {
  for (const task of launch?.task_infos ?? [])
    if (id === undefined) launchTask(progress, task);
    else refuseInvalid(progress, task, 'The `id` field cannot be set on LAUNCH operations');
}

function refuseGroup({ master, framework }: Progress, { launch_group }: GroupOperation): void {
  const refusal = { state: 'TASK_ERROR', reason: 'REASON_TASK_GROUP_INVALID', message: NO_GROUPS } as const;
  for (const task of launch_group.task_group.tasks) refuseTask(master, framework, task, refusal);
}

/** In their order: a later one may use what an earlier one made. */
function perform(progress: Progress, operation: Operation | GroupOperation): void {
  if (operation.type === 'LAUNCH') launchTasks(progress, operation);
  else if (operation.type === 'LAUNCH_GROUP') refuseGroup(progress, operation);
  else if (isResourceOperation(operation))
    progress.available = applyOperation(progress, operation, progress.available);
}

export function accept(master: Master, framework: FrameworkRecord, acceptance: Acceptance): void {
  const ids = (acceptance.offer_ids ?? []).map((id) => id.value);
  const problem = findOffersProblem(master, framework, ids);
  const offers = [...new Set(ids)].flatMap((id) => master.offers.get(id) ?? []);
  const own = offers.filter((offer) => offer.frameworkId === framework.id);
  if (problem !== undefined) {
    for (const offer of own) master.recoverOffer(offer, []);
    const state = partitionState(framework.info, 'TASK_DROPPED');
    const message = `Task launched with invalid offers: ${problem}`;
    for (const task of tasksOf(acceptance))
      refuseTask(master, framework, task, { state, reason: 'REASON_INVALID_OFFERS', message });
    for (const operation of acceptance.operations ?? [])
      if (isResourceOperation(operation))
        refuseOperation(
          { master, framework },
          operation.id,
          `Operation attempted with invalid offers: ${problem}`,
        );
    return;
  }
  const [first, ...others] = own as [OfferRecord, ...OfferRecord[]];
  const offered = own.flatMap((offer) => [...offer.allocated]);
  const agent = master.agents.get(first.agentId) as AgentRecord;
  const progress: Progress = { master, framework, agent, role: first.role, available: offered };
  for (const operation of acceptance.operations ?? []) perform(progress, operation);
  // What an operation made was not refused: it is offered at once.
  const made = subtractResources(progress.available, offered);
  const left = subtractResources(progress.available, made);
  master.recoverOffer(first, left, acceptance.filters?.refuse_seconds);
  for (const offer of others) master.recoverOffer(offer, []);
}
