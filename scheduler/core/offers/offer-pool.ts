/**
 * The offers of one step and what is left of them, in the order in which they are tried: hosts with the fewest of our
 * tasks first. An offer that is too small for a component is looked at once, not once per instance.
 */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import { subtractResources } from '../../../protocol/resources.ts';
import type { PlannedLaunch } from '../engine-effects.ts';
import type { InstanceRecord } from '../instance.ts';
import { type Evaluation, type PlacementRequest, evaluateOffer } from './offer-evaluator.ts';
import type { Instances } from '../plan.ts';

/** Refusals that are kept to explain why an instance waits. */
export const MAX_EVALUATIONS = 20;
/** An instance that may go to one host only is shown this many others that do not fit. */
const OTHERS_SHOWN = 3;

export interface Fit {
  readonly evaluation?: Evaluation;
  readonly refused: readonly Evaluation[];
}

function countTasks(instances: Instances): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { task } of Object.values(instances))
    if (task !== undefined) counts.set(task.hostname, (counts.get(task.hostname) ?? 0) + 1);
  return counts;
}

/** True when no other instance of the component would fit either: an offer only shrinks during a step. */
function isLasting(evaluation: Evaluation): boolean {
  return evaluation.outcomes.some(
    ({ passes, stage }) => !passes && stage !== 'bound-host' && stage !== 'unique-host',
  );
}

/** Refusals of this instance first, then what its component was refused before. */
function fillUp(refused: readonly Evaluation[], misfits: ReadonlyMap<string, Evaluation>): Evaluation[] {
  const filled = [...refused];
  for (const evaluation of misfits.values()) {
    if (filled.length >= MAX_EVALUATIONS) break;
    if (!refused.includes(evaluation)) filled.push(evaluation);
  }
  return filled;
}

export class OfferPool {
  readonly offers: Map<string, Offer>;
  readonly launches = new Map<string, PlannedLaunch[]>();
  readonly #byHost: Map<string, Offer[]>;
  readonly #loads: Map<string, number>;
  /** Offer ids by the number of our tasks on their host. */
  readonly #ranks: Set<string>[] = [];
  /** Lasting refusals by component, then offer. */
  readonly #misfits = new Map<string, Map<string, Evaluation>>();

  constructor(offers: readonly Offer[], instances: Instances) {
    this.offers = new Map(offers.map((offer) => [offer.id.value, offer]));
    this.#byHost = Map.groupBy(offers, ({ hostname }) => hostname);
    this.#loads = countTasks(instances);
    for (const offer of offers) this.#rank(this.#loads.get(offer.hostname) ?? 0).add(offer.id.value);
  }

  #rank(load: number): Set<string> {
    while (this.#ranks.length <= load) this.#ranks.push(new Set());
    return this.#ranks[load] as Set<string>;
  }

  *#candidates(preferredHost: string | undefined): Generator<string> {
    for (const { id } of this.#byHost.get(preferredHost ?? '') ?? []) yield id.value;
    for (const rank of this.#ranks) yield* rank;
  }

  /** The best offer that fits, or the reasons of those that do not. */
  findFit(request: PlacementRequest, instance: InstanceRecord): Fit {
    const { name } = request.component;
    const misfits = this.#misfits.get(name) ?? new Map<string, Evaluation>();
    this.#misfits.set(name, misfits);
    const refused: Evaluation[] = [];
    for (const id of this.#candidates(instance.hostname)) {
      if (misfits.has(id)) continue;
      const evaluation = evaluateOffer(request, this.offers.get(id) as Offer);
      if (evaluation.placement !== undefined) return { evaluation, refused };
      if (refused.length < MAX_EVALUATIONS) refused.push(evaluation);
      if (isLasting(evaluation)) misfits.set(id, evaluation);
      if (request.boundHost !== undefined && refused.length > OTHERS_SHOWN) break;
    }
    return { refused: fillUp(refused, misfits) };
  }

  /** Takes a launch's resources out of its offer. */
  take(offerId: string, launch: PlannedLaunch): void {
    const offer = this.offers.get(offerId) as Offer;
    const taken = [...launch.placement.task, ...launch.placement.executor];
    this.offers.set(offerId, { ...offer, resources: subtractResources(offer.resources ?? [], taken) });
    this.launches.set(offerId, [...(this.launches.get(offerId) ?? []), launch]);
    const load = this.#loads.get(offer.hostname) ?? 0;
    this.#loads.set(offer.hostname, load + 1);
    for (const { id } of this.#byHost.get(offer.hostname) ?? []) {
      this.#rank(load).delete(id.value);
      this.#rank(load + 1).add(id.value);
    }
  }
}
