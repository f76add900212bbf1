/** What each call of a subscribed scheduler does. Nothing here can fail: what makes no sense is answered by an event, or not at all. */
import type { SchedulerCall } from '../../protocol/mesos/scheduler.ts';
import type { MasterMessage } from '../link/messages.ts';
import type { Acceptance } from './accept.ts';
import { accept } from './accept.ts';
import { settleDrain } from './draining.ts';
import { answerInverseOffers } from './inverse-offers.ts';
import type { Master } from './master.ts';
import { reconcileOperations } from './operation-reconciliation.ts';
import { acknowledgeOperation } from './operations.ts';
import { isLive } from './records.ts';
import { reconcile, reconcileTask, type Scope } from './reconciliation.ts';

type Call<T extends SchedulerCall['type']> = Extract<SchedulerCall, { type: T }>;

function decline({ master, framework }: Scope, call: Call<'DECLINE'>): void {
  for (const { value } of call.decline.offer_ids ?? []) {
    const offer = master.offers.get(value);
    if (offer?.frameworkId === framework.id)
      master.recoverOffer(offer, offer.allocated, call.decline.filters?.refuse_seconds);
  }
}

function revive({ master, framework }: Scope, call: Call<'REVIVE'>): void {
  const roles = call.revive?.roles ?? [];
  const chosen = roles.length > 0 ? roles : framework.roles;
  framework.filters = framework.filters.filter((filter) => !chosen.includes(filter.role));
  for (const role of chosen) framework.suppressed.delete(role);
  master.allocate();
}

function suppress({ framework }: Scope, call: Call<'SUPPRESS'>): void {
  const roles = call.suppress?.roles ?? [];
  for (const role of roles.length > 0 ? roles : framework.roles) framework.suppressed.add(role);
}

function kill(scope: Scope, call: Call<'KILL'>): void {
  const { task_id, agent_id, kill_policy } = call.kill;
  const task = scope.framework.tasks.get(task_id.value);
  if (task === undefined) return reconcileTask(scope, task_id.value, agent_id?.value);
  if (agent_id !== undefined && agent_id.value !== task.agentId) return;
  const agent = scope.master.agents.get(task.agentId);
  const message: MasterMessage = {
    type: 'KILL_TASK',
    frameworkId: scope.framework.id,
    taskId: task_id.value,
    ...(kill_policy === undefined ? {} : { killPolicy: kill_policy }),
  };
  if (agent?.channel === undefined) agent?.pendingKills.push(message);
  else agent.channel.send(message);
}

function shutdown({ master, framework }: Scope, call: Call<'SHUTDOWN'>): void {
  const { executor_id, agent_id } = call.shutdown;
  const message = { frameworkId: framework.id, executorId: executor_id.value };
  master.agents.get(agent_id.value)?.channel?.send({ type: 'SHUTDOWN_EXECUTOR', ...message });
}

function acknowledge({ master, framework }: Scope, call: Call<'ACKNOWLEDGE'>): void {
  const { agent_id, task_id, uuid } = call.acknowledge;
  const task = framework.tasks.get(task_id.value);
  if (task !== undefined && !isLive(task) && task.status?.uuid === uuid) {
    framework.tasks.delete(task_id.value);
    framework.completedTasks.push(task);
  }
  const message = { frameworkId: framework.id, taskId: task_id.value, uuid };
  master.agents.get(agent_id.value)?.channel?.send({ type: 'ACKNOWLEDGE', ...message });
}

function message({ master, framework }: Scope, call: Call<'MESSAGE'>): void {
  const { agent_id, executor_id, data } = call.message;
  const content = { frameworkId: framework.id, executorId: executor_id.value, data };
  master.agents.get(agent_id.value)?.channel?.send({ type: 'FRAMEWORK_MESSAGE', ...content });
}

function acknowledgeOf({ master, framework }: Scope, call: Call<'ACKNOWLEDGE_OPERATION_STATUS'>): void {
  acknowledgeOperation(master, framework, call.acknowledge_operation_status);
}

/** The last word about a task or an operation may be what a drained agent waited for. */
function settleDrains(master: Master): void {
  for (const agent of master.agents.values()) settleDrain(master, agent);
}

function performAnswer({ master, framework }: Scope, call: SchedulerCall): void {
  if (call.type === 'ACCEPT_INVERSE_OFFERS')
    answerInverseOffers(master, framework, { status: 'ACCEPT', ...call.accept_inverse_offers });
  if (call.type === 'DECLINE_INVERSE_OFFERS')
    answerInverseOffers(master, framework, { status: 'DECLINE', ...call.decline_inverse_offers });
  if (call.type === 'RECONCILE_OPERATIONS')
    reconcileOperations(master, framework, call.reconcile_operations.operations ?? []);
}

/** Performs a call that passed every check. */
export function perform(scope: Scope, call: SchedulerCall): void {
  performCall(scope, call);
  settleDrains(scope.master);
}

function performCall(scope: Scope, call: SchedulerCall): void {
  switch (call.type) {
    case 'SUBSCRIBE':
    case 'UPDATE_FRAMEWORK':
      return;
    case 'ACCEPT_INVERSE_OFFERS':
    case 'DECLINE_INVERSE_OFFERS':
    case 'RECONCILE_OPERATIONS':
      return performAnswer(scope, call);
    case 'ACKNOWLEDGE_OPERATION_STATUS':
      return acknowledgeOf(scope, call);
    case 'TEARDOWN':
      return scope.master.removeFramework(scope.framework);
    case 'ACCEPT':
      return accept(scope.master, scope.framework, call.accept as Acceptance);
    case 'DECLINE':
      return decline(scope, call);
    case 'REVIVE':
      return revive(scope, call);
    case 'SUPPRESS':
      return suppress(scope, call);
    case 'KILL':
      return kill(scope, call);
    case 'SHUTDOWN':
      return shutdown(scope, call);
    case 'ACKNOWLEDGE':
      return acknowledge(scope, call);
    case 'RECONCILE':
      return reconcile(scope, call.reconcile.tasks ?? []);
    case 'MESSAGE':
      return message(scope, call);
  }
}
