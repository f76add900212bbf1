/** Uses a batch of offers: places what waits, accepts with it, declines the rest. Every offer is answered in this step. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import { findComponent } from '../components.ts';
import type { Draft } from '../draft.ts';
import { noteRefusals } from '../explanation/note-refusals.ts';
import { listPassing } from '../failures/passing-refusals.ts';
import { type InstanceRecord, createInstance, nameOpenSlot } from '../instance.ts';
import { noteWindows } from '../maintenance/maintenance-window.ts';
import { listInstances, planDemand } from '../plan.ts';
import type { ComponentSpec } from '../service-spec.ts';
import { markReservations } from '../volumes/ledger.ts';
import { releaseOffered } from '../volumes/release.ts';
import { MAX_EVALUATIONS } from './component-search.ts';
import { launchOn } from './instance-launch.ts';
import { noteOffers } from './offer-demand.ts';
import { type Evaluation, evaluateOffer } from './offer-evaluator.ts';
import { respond } from './offer-response.ts';
import { type Round, createRound, toRequest } from './placement-round.ts';

function noteEvaluations(draft: Draft, key: string, evaluations: readonly Evaluation[]): void {
  if (evaluations.length === 0) return;
  const fresh = evaluations.map((evaluation) => ({ ...evaluation, atMs: draft.nowMs }));
  const agents = new Set(evaluations.map((evaluation) => evaluation.agentId));
  const old = (draft.state.evaluations.get(key) ?? []).filter(
    (evaluation) => !agents.has(evaluation.agentId),
  );
  const kept = [...fresh, ...old].slice(0, MAX_EVALUATIONS);
  draft.explain(key, kept);
}

function placeInstance(round: Round, instance: InstanceRecord): void {
  const { draft, pool } = round;
  const component = findComponent(draft.state.settings.spec, instance.component);
  if (component === undefined) return;
  const { evaluation, refused } = pool.findFit(toRequest(round, component, instance), instance);
  noteEvaluations(draft, instance.name, refused);
  if (evaluation?.placement !== undefined)
    launchOn(round, { component, instance, evaluation, placement: evaluation.placement });
}

/** A new instance for each host that has none of this component and whose offer fits. */
function openInstances(round: Round, component: ComponentSpec): void {
  const { draft, pool } = round;
  const holders = round.holdersOf(component);
  const taken = new Set(listInstances(draft.state.instances, component.name).map(({ index }) => index));
  const refused: Evaluation[] = [];
  let index = 0;
  for (const [offerId, offer] of pool.offers) {
    if (holders.has(offer.hostname)) continue;
    while (taken.has(index)) index += 1;
    const instance = createInstance(component.name, index, draft.nowMs);
    const evaluation = evaluateOffer(
      toRequest(round, component, instance),
      pool.offers.get(offerId) as Offer,
    );
    const { placement } = evaluation;
    if (placement === undefined) refused.push(evaluation);
    else {
      taken.add(index);
      launchOn(round, { component, instance, evaluation, placement });
    }
  }
  noteEvaluations(draft, nameOpenSlot(component.name), refused);
  round.openRefusals.set(component.name, refused);
}

function listRefused({ openRefusals, pool }: Round, component: string): readonly Evaluation[] {
  return openRefusals.get(component) ?? pool.listRefused(component);
}

export function answerOffers(draft: Draft, offers: readonly Offer[]): void {
  noteOffers(draft, offers);
  draft.state = { ...draft.state, maintenance: noteWindows(draft.state.maintenance, offers) };
  markReservations(draft);
  const releases = releaseOffered(draft, offers);
  const demand = planDemand(draft.state.settings.spec, draft.state.instances, draft.nowMs);
  const round = createRound(draft, offers, demand);
  if (draft.state.mode === 'running') {
    for (const instance of demand.placeable) placeInstance(round, instance);
    for (const component of demand.open) openInstances(round, component);
  }
  draft.state = { ...draft.state, waves: round.refusals.wave.finish() };
  noteRefusals(draft, { offers, demand, listRefused: (name) => listRefused(round, name) });
  const passing = listPassing([...round.openRefusals.values()].flat());
  respond(draft, { offers, launches: round.pool.launches, releases, passing });
}
