/** ACCEPT: the offers are checked together, then every task by itself; what is left of the offers is refused. */
import type { Operation } from '../../protocol/mesos/operation.ts';
import type { Resource, Value } from '../../protocol/mesos/resource.ts';
import type { Filters } from '../../protocol/mesos/scheduler.ts';
import type { TaskInfo } from '../../protocol/mesos/task.ts';
import { subtractResources } from '../../protocol/resources.ts';
import { launchTasks, type Progress, refuseTask } from './launching.ts';
import type { Master } from './master.ts';
import { applyOperation, isResourceOperation, refuseOperation } from './operations.ts';
import { type AgentRecord, type FrameworkRecord, type OfferRecord, partitionState } from './records.ts';

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
  // Mesos, too, leaves these quotes open.
  return (
    otherRole &&
    `Aggregated offers must be allocated to the same role. Offer ${otherRole.id} uses role '${otherRole.role} but another is using role '${first?.role}`
  );
}

function tasksOf(acceptance: Acceptance): readonly TaskInfo[] {
  return (acceptance.operations ?? []).flatMap((operation) => {
    if (operation.type === 'LAUNCH') return [...(operation.launch?.task_infos ?? [])];
    if (operation.type === 'LAUNCH_GROUP') return [...operation.launch_group.task_group.tasks];
    return [];
  });
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

/** Nothing of it is done, and whoever waits for an answer gets this one. */
function refuseAll(
  master: Master,
  framework: FrameworkRecord,
  acceptance: Acceptance,
  problem: string,
): void {
  const state = partitionState(framework.info, 'TASK_DROPPED');
  const message = `Task launched with invalid offers: ${problem}`;
  for (const task of tasksOf(acceptance))
    refuseTask(master, framework, task, { state, reason: 'REASON_INVALID_OFFERS', message });
  const text = `Operation attempted with invalid offers: ${problem}`;
  for (const operation of acceptance.operations ?? [])
    if (isResourceOperation(operation)) refuseOperation({ master, framework }, operation.id, text);
}

/** What an operation made was not refused: it is offered again at once. */
function refusedPart(offered: readonly Resource[], left: readonly Resource[]): Resource[] {
  return subtractResources(left, subtractResources(left, offered));
}

function acceptOffers(
  master: Master,
  framework: FrameworkRecord,
  acceptance: Acceptance,
  [first, ...others]: readonly [OfferRecord, ...OfferRecord[]],
): void {
  const offered = [first, ...others].flatMap((offer) => [...offer.allocated]);
  const agent = master.agents.get(first.agentId) as AgentRecord;
  const progress: Progress = { master, framework, agent, role: first.role, available: offered };
  for (const operation of acceptance.operations ?? []) perform(progress, operation);
  const refused = refusedPart(offered, progress.available);
  master.recoverOffer(first, refused, acceptance.filters?.refuse_seconds);
  for (const offer of others) master.recoverOffer(offer, []);
}

export function accept(master: Master, framework: FrameworkRecord, acceptance: Acceptance): void {
  const ids = (acceptance.offer_ids ?? []).map((id) => id.value);
  const problem = findOffersProblem(master, framework, ids);
  const offers = [...new Set(ids)].flatMap((id) => master.offers.get(id) ?? []);
  const own = offers.filter((offer) => offer.frameworkId === framework.id);
  if (problem === undefined)
    return acceptOffers(master, framework, acceptance, own as [OfferRecord, ...OfferRecord[]]);
  for (const offer of own) master.recoverOffer(offer, []);
  refuseAll(master, framework, acceptance, problem);
}
