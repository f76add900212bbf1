/** After each round of offers: what was refused is added up, and said once when it changes. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import type { Draft } from '../draft.ts';
import type { Evaluation } from '../offers/offer-evaluator.ts';
import type { Demand } from '../plan.ts';
import type { ComponentSpec } from '../service-spec.ts';
import { NO_REFUSALS, type RefusalLedger, addRound } from './refusal-ledger.ts';
import { renderStage, summarizeLedger } from './stage-summary.ts';

export interface RefusedOffers {
  readonly offers: readonly Offer[];
  /** As it was before the round. */
  readonly demand: Demand;
  /** All agents that did not do for a component. */
  readonly listRefused: (component: string) => readonly Evaluation[];
}

function listUnplaced(draft: Draft, { demand }: RefusedOffers, component: ComponentSpec): string[] {
  return demand.placeable
    .map(({ name }) => draft.state.instances.get(name))
    .filter((instance) => instance?.component === component.name)
    .flatMap((instance) =>
      instance?.phase === 'waiting' || instance?.phase === 'unreachable' ? [instance.name] : [],
    );
}

function addRefusals(draft: Draft, component: string, round: RefusedOffers): RefusalLedger {
  const ledger = addRound(draft.state.refusals[component] ?? NO_REFUSALS, {
    nowMs: draft.nowMs,
    keptMs: draft.state.settings.timing.explainMs,
    agents: round.offers.map(({ agent_id }) => agent_id.value),
    refused: round.listRefused(component),
  });
  draft.state = { ...draft.state, refusals: { ...draft.state.refusals, [component]: ledger } };
  return ledger;
}

/** Which stages refuse, not how many agents: numbers change with every offer. */
function sayOnce(draft: Draft, component: string, unplaced: readonly string[]): void {
  const stages = summarizeLedger(draft.state.refusals[component] ?? NO_REFUSALS);
  const said =
    unplaced.length === 0
      ? ''
      : stages
          .map(({ stage }) => stage)
          .toSorted()
          .join(',');
  if (said === (draft.state.saidStages[component] ?? '')) return;
  draft.state = { ...draft.state, saidStages: { ...draft.state.saidStages, [component]: said } };
  if (said === '') return;
  draft.log('info', 'no offer fits an instance that waits', {
    component,
    instance: unplaced[0],
    others: unplaced.length - 1,
    stages: stages.map(renderStage).join(' | '),
  });
}

export function noteRefusals(draft: Draft, round: RefusedOffers): void {
  for (const component of draft.state.settings.spec.components) {
    const unplaced = listUnplaced(draft, round, component);
    const isOpen = round.demand.open.includes(component);
    if (unplaced.length > 0 || isOpen) addRefusals(draft, component.name, round);
    else if (draft.state.refusals[component.name] !== undefined)
      draft.state = { ...draft.state, refusals: { ...draft.state.refusals, [component.name]: NO_REFUSALS } };
    sayOnce(draft, component.name, unplaced);
  }
}
