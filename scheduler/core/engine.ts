/**
 * The scheduler's core: `(state, event, moment) → {state, effects}`. It owns placement, the life of every task,
 * reconciliation, offer hygiene, and teardown; it reads no clock and no chance and knows no service.
 */
import { isTerminal, type TaskStatus } from '../../protocol/mesos/task.ts';
import { parseLabels } from '../../protocol/status-labels.ts';
import { Draft, type Step } from './draft.ts';
import { performAction } from './operators/perform-action.ts';
import { failRollback } from './operators/plan-orders.ts';
import { moveReplaced } from './operators/replacement.ts';
import { giveHostUp } from './failures/lost-host.ts';
import { noteFailure, recallExceeded } from './failures/note-failure.ts';
import type { InstanceRecord } from './instance.ts';
import { leaveHosts } from './maintenance/evacuation.ts';
import { answerInverseOffers, rescindInverseOffer } from './maintenance/inverse-offers.ts';
import type { EngineEvent, EngineState, StepMoment } from './engine-state.ts';
import { followDemand, resetDemand } from './offers/offer-demand.ts';
import { answerOffers } from './offers/offer-placement.ts';
import { followReservations } from './volumes/ledger.ts';
import { applyConfiguration } from './rollout/apply-configuration.ts';
import { followRollout } from './rollout/follow-rollout.ts';
import { noteRolloutFailures } from './rollout/rollout-failure.ts';
import { completeInstances, stopSurplus } from './rollout/wanted-instances.ts';
import { followTeardown, resumeTeardown } from './teardown.ts';
import { noteAnswer, planQuestions, startReconciliation } from './tasks/reconciliation.ts';
import { toKills } from './tasks/task-kill.ts';
import { followFetch } from './waves/launch-waves.ts';

/** Whatever was sent on the connection before may be lost: kills are repeated, tasks are asked about. */
function subscribe(draft: Draft, frameworkId: string, master: string): void {
  draft.state = { ...draft.state, connected: true, frameworkId, master };
  for (const instance of Object.values(draft.state.instances))
    if (instance.phase === 'killing') for (const kill of toKills(instance, draft.nowMs)) draft.add(kill);
  recallExceeded(draft);
  resumeTeardown(draft);
  if (draft.state.mode === 'running') stopSurplus(draft);
  // The call was lost with the connection before.
  if (draft.state.mode === 'torn-down') draft.add({ kind: 'teardown' });
  const { state, nowMs } = draft;
  draft.state = {
    ...state,
    reconciliation: startReconciliation(Object.values(state.instances), nowMs),
    demand: resetDemand(state, nowMs),
    // Offers and inverse offers tell again what still holds.
    maintenance: {},
  };
}

/** What an end means beyond its instance. */
function followStatus(draft: Draft, before: InstanceRecord): void {
  const after = draft.state.instances[before.name];
  if (after === undefined) return;
  const waves = followFetch(draft.state, before, after);
  if (waves !== draft.state.waves) draft.state = { ...draft.state, waves };
  const failure = after.recentFailures?.at(-1);
  if (failure !== undefined && after.recentFailures !== before.recentFailures)
    noteFailure(draft, before.name, failure);
  if (after.lastState === 'TASK_GONE_BY_OPERATOR' && before.task !== undefined && after.task === undefined)
    giveHostUp(draft, before);
}

function noteStatus(draft: Draft, owner: InstanceRecord, status: TaskStatus): void {
  draft.apply(owner.name, {
    kind: 'status',
    state: status.state,
    reason: status.reason,
    message: status.message,
    healthy: status.healthy,
    labels: parseLabels(status.labels),
  });
  followStatus(draft, owner);
  const isOpen = status.state === 'TASK_UNREACHABLE' || status.state === 'TASK_UNKNOWN';
  if (!isOpen)
    draft.state = {
      ...draft.state,
      reconciliation: noteAnswer(draft.state.reconciliation, status.task_id.value),
    };
  else if (status.agent_id !== undefined)
    draft.ask({ taskId: status.task_id.value, agentId: status.agent_id.value });
}

/** A task that no instance has: a replaced one that came back, or one from before the state was lost. */
function killStray(draft: Draft, status: TaskStatus): void {
  const taskId = status.task_id.value;
  draft.state = { ...draft.state, reconciliation: noteAnswer(draft.state.reconciliation, taskId) };
  const isGone = isTerminal(status.state) || ['TASK_UNREACHABLE', 'TASK_UNKNOWN'].includes(status.state);
  if (isGone) return;
  draft.log('warn', 'kills a task that no instance has', { taskId, state: status.state });
  draft.add({ kind: 'kill', taskId, agentId: status.agent_id?.value });
}

function update(draft: Draft, status: TaskStatus): void {
  const owner = Object.values(draft.state.instances).find(
    (instance) => instance.task?.taskId === status.task_id.value,
  );
  if (owner === undefined) killStray(draft, status);
  else noteStatus(draft, owner, status);
  if (status.uuid !== undefined && status.agent_id !== undefined)
    draft.add({
      kind: 'acknowledge',
      taskId: status.task_id.value,
      agentId: status.agent_id.value,
      uuid: status.uuid,
    });
}

/** An executor's end is told by its task's update as well; an agent's end is only a reason to ask. */
function fail(draft: Draft, agentId: string | undefined, executorId: string | undefined): void {
  if (executorId !== undefined || agentId === undefined) return;
  for (const { name, task } of Object.values(draft.state.instances))
    if (task?.agentId === agentId) draft.apply(name, { kind: 'agent-lost' });
}

/** Of every-agent components: the host has been silent for so long that it is no agent any more. */
function retireSilent(draft: Draft): void {
  const { settings, instances, hostsSeenMs } = draft.state;
  for (const component of settings.spec.components) {
    if (component.count !== 'every-agent' || component.pinned) continue;
    for (const { name, component: of, phase, sinceMs, hostname } of Object.values(instances)) {
      const heardMs = Math.max(sinceMs, hostsSeenMs[hostname ?? ''] ?? 0);
      if (of !== component.name || phase !== 'waiting' || draft.nowMs - heardMs < settings.timing.retireMs)
        continue;
      draft.log('warn', 'gives up an instance whose host makes no offers', {
        instance: name,
        host: hostname,
      });
      draft.remove(name);
    }
  }
}

function tick(draft: Draft): void {
  for (const name of Object.keys(draft.state.instances)) draft.apply(name, { kind: 'tick' });
  if (draft.state.mode !== 'running') return;
  if (!draft.state.connected) return;
  retireSilent(draft);
  completeInstances(draft);
  moveReplaced(draft);
  followRollout(draft);
  leaveHosts(draft);
}

function handle(draft: Draft, event: EngineEvent): void {
  switch (event.kind) {
    case 'subscribed':
      return subscribe(draft, event.frameworkId, event.master);
    case 'disconnected':
      draft.state = { ...draft.state, connected: false };
      return;
    case 'offers':
      return answerOffers(draft, event.offers);
    case 'update':
      return update(draft, event.status);
    case 'failure':
      return fail(draft, event.agentId, event.executorId);
    case 'inverse-offers':
      return answerInverseOffers(draft, event.offers);
    case 'rescind-inverse-offer':
      return rescindInverseOffer(draft, event.inverseOfferId);
    case 'tick':
      return tick(draft);
    case 'operator':
      return performAction(draft, event.action);
    case 'configured':
      return applyConfiguration(draft, event);
    case 'configuration-failed':
      return failRollback(draft, event.problem);
  }
}

function forgetStopped(draft: Draft): void {
  if (draft.state.mode !== 'running') return;
  for (const { name, phase } of Object.values(draft.state.instances))
    if (phase === 'stopped') draft.remove(name);
}

function askPending(draft: Draft): void {
  if (!draft.state.connected) return;
  const questions = planQuestions(draft.state.reconciliation, draft.drawMoment());
  draft.state = { ...draft.state, reconciliation: questions.state };
  for (const tasks of questions.calls) draft.add({ kind: 'reconcile', tasks });
}

export function step(state: EngineState, event: EngineEvent, moment: StepMoment): Step {
  const draft = new Draft(state, moment);
  handle(draft, event);
  noteRolloutFailures(draft, state);
  forgetStopped(draft);
  followTeardown(draft);
  followReservations(draft);
  askPending(draft);
  followDemand(draft);
  return draft.finish();
}
