/** What of a step is counted. Pure. */
import type { EngineEffect } from '../core/engine-effects.ts';
import type { EngineEvent, EngineState } from '../core/engine-state.ts';
import type { PerformedStep } from '../engine-loop.ts';
import type { MetricName } from './metric-table.ts';

export interface Observation {
  readonly name: MetricName;
  readonly labels: Readonly<Record<string, string>>;
  readonly by: number;
}

function count(name: MetricName, labels: Observation['labels'] = {}, by = 1): Observation {
  return { name, labels, by };
}

/** Instances wait, yet the offer was declined. */
function hasWaiting({ instances }: EngineState): boolean {
  return instances.list().some(({ phase }) => phase === 'waiting');
}

/** By kind; what is not listed is not counted. */
type Counters<Of extends { readonly kind: string }> = {
  readonly [Kind in Of['kind']]?: (of: Extract<Of, { kind: Kind }>, before: EngineState) => Observation[];
};

const EVENTS: Counters<EngineEvent> = {
  offers: ({ offers }) => {
    const byRole = Map.groupBy(offers, ({ allocation_info }) => allocation_info?.role ?? '*');
    return [...byRole].map(([role, { length }]) =>
      count('stevedore_offers_received_total', { role }, length),
    );
  },
  update: ({ status: { state, reason = '' } }) => [
    count('stevedore_status_updates_total', { state, reason }),
  ],
  subscribed: () => [count('stevedore_subscriptions_total')],
};

const EFFECTS: Counters<EngineEffect> = {
  accept: ({ launches }) => [
    count('stevedore_offers_accepted_total'),
    ...launches.map(({ component }) => count('stevedore_launches_total', { component: component.name })),
  ],
  decline: ({ offerIds }, before) => {
    const reason = hasWaiting(before) ? 'misfit' : 'idle';
    return [count('stevedore_offers_declined_total', { reason }, offerIds.length)];
  },
  kill: () => [count('stevedore_kills_total')],
  reconcile: ({ tasks }) => [
    count('stevedore_reconciliations_total', { kind: tasks.length === 0 ? 'implicit' : 'explicit' }),
  ],
  suppress: () => [count('stevedore_suppressions_total')],
  revive: () => [count('stevedore_revives_total')],
};

function countOf<Of extends { readonly kind: string }>(
  counters: Counters<Of>,
  of: Of,
  before: EngineState,
): Observation[] {
  const counter = (counters as Readonly<Record<string, unknown>>)[of.kind] as
    | ((of: Of, before: EngineState) => Observation[])
    | undefined;
  return counter?.(of, before) ?? [];
}

/** Stages that refused an offer in this step. */
function countRefusals({ before, state, nowMs }: PerformedStep): Observation[] {
  const stages = new Map<string, number>();
  for (const key of state.evaluations.listChanged(before.evaluations)) {
    const fresh = (state.evaluations.get(key) ?? []).filter(({ atMs }) => atMs === nowMs);
    for (const { stage, passes } of fresh.flatMap(({ outcomes }) => outcomes))
      if (!passes) stages.set(stage, (stages.get(stage) ?? 0) + 1);
  }
  return [...stages].map(([stage, by]) => count('stevedore_offer_refusals_total', { stage }, by));
}

export function listObservations(step: PerformedStep): Observation[] {
  return [
    ...countOf(EVENTS, step.event, step.before),
    ...step.effects.flatMap((effect) => countOf(EFFECTS, effect, step.before)),
    ...countRefusals(step),
  ];
}
