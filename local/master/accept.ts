/** ACCEPT: the offers are checked together, then every task by itself; what is left of the offers is refused. */
import type { Resource, Value } from '../../protocol/mesos/resource.ts';
import type { Filters, Operation } from '../../protocol/mesos/scheduler.ts';
import type { ExecutorInfo, TaskInfo, TaskState } from '../../protocol/mesos/task.ts';
import { subtractResources } from '../../protocol/resources.ts';
import { findTaskProblem, launchedResources } from './launch-validation.ts';
import type { Master } from './master.ts';
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
  return otherRole === undefined ? undefined : 'Aggregated offers must be allocated to the same role';
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

function launch(framework: FrameworkRecord, agent: AgentRecord, task: TaskInfo): void {
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

/** Launches what is valid and returns what is left of the offers. */
function launchTasks(
  master: Master,
  framework: FrameworkRecord,
  acceptance: Acceptance,
  offers: readonly OfferRecord[],
): Resource[] {
  const [{ agentId, role }] = offers as [OfferRecord];
  const agent = master.agents.get(agentId) as AgentRecord;
  let available = offers.flatMap((offer) => [...(offer.offer.resources ?? [])]);
  for (const wanted of tasksOf({
    operations: (acceptance.operations ?? []).filter((o) => o.type === 'LAUNCH'),
  })) {
    const task = allocateTask(wanted, framework.id, role);
    const executorId = task.executor?.executor_id.value;
    const running =
      executorId === undefined ? undefined : agent.executors.get(executorKey(framework.id, executorId));
    const context = { frameworkId: framework.id, agentId, taskIds: new Set(framework.tasks.keys()) };
    const problem = findTaskProblem(task, { ...context, running: running?.info, available });
    if (problem === undefined) {
      available = subtractResources(available, launchedResources(task, running?.info));
      launch(framework, agent, task);
    } else
      refuseTask(master, framework, task, {
        state: 'TASK_ERROR',
        reason: 'REASON_TASK_INVALID',
        message: problem,
      });
  }
  return available;
}

function refuseGroups(master: Master, framework: FrameworkRecord, acceptance: Acceptance): void {
  const groups = (acceptance.operations ?? []).filter((operation) => operation.type === 'LAUNCH_GROUP');
  const refusal = { state: 'TASK_ERROR', reason: 'REASON_TASK_GROUP_INVALID', message: NO_GROUPS } as const;
  for (const task of tasksOf({ operations: groups })) refuseTask(master, framework, task, refusal);
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
    return;
  }
  const left = launchTasks(master, framework, acceptance, own);
  refuseGroups(master, framework, acceptance);
  const [first, ...others] = own as [OfferRecord, ...OfferRecord[]];
  master.recoverOffer(first, left, acceptance.filters?.refuse_seconds);
  for (const offer of others) master.recoverOffer(offer, []);
}
