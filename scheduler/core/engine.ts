/**
 * The scheduler's core: `(state, event, moment) → {state, effects}`. It owns placement, the life of every task,
 * reconciliation, offer hygiene, and teardown; it reads no clock and no chance and knows no service.
 */
import { Draft, type Step } from './draft.ts';
import { performAction } from './operators/perform-action.ts';
import { failRollback } from './operators/plan-orders.ts';
import { moveReplaced } from './operators/replacement.ts';
import { recallExceeded } from './failures/note-failure.ts';
import { retireSilent } from './failures/silent-hosts.ts';
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
import { planQuestions, startReconciliation } from './tasks/reconciliation.ts';
import { hearsTicks } from './tasks/task-life-cycle.ts';
import { toKills } from './tasks/task-kill.ts';
import { noteLoss, noteUpdate } from './tasks/task-updates.ts';

/** Whatever was sent on the connection before may be lost: kills are repeated, tasks are asked about. */
function subscribe(draft: Draft, frameworkId: string, master: string): void {
  draft.state = { ...draft.state, connected: true, frameworkId, master };
  for (const instance of draft.state.instances.list())
    if (instance.phase === 'killing') for (const kill of toKills(instance, draft.nowMs)) draft.add(kill);
  recallExceeded(draft);
  resumeTeardown(draft);
  if (draft.state.mode === 'running') stopSurplus(draft);
  // The call was lost with the connection before.
  if (draft.state.mode === 'torn-down') draft.add({ kind: 'teardown' });
  const { state, nowMs } = draft;
  draft.state = {
    ...state,
    reconciliation: startReconciliation(state.instances.list(), nowMs),
    demand: resetDemand(state, nowMs),
    // Offers and inverse offers tell again what still holds.
    maintenance: {},
  };
}

function tick(draft: Draft): void {
  for (const { name, phase } of draft.state.instances.list())
    if (hearsTicks(phase)) draft.apply(name, { kind: 'tick' });
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
      return noteUpdate(draft, event.status);
    case 'failure':
      return noteLoss(draft, event.agentId, event.executorId);
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
  const { instances } = draft.state;
  for (const name of instances.listChanged(draft.before.instances))
    if (instances.get(name)?.phase === 'stopped') draft.remove(name);
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
