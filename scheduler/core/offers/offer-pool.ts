/** The offers of one round, what is left of them, and which of them an instance is tried on first. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import { subtractResources } from '../../../protocol/resources.ts';
import type { PlannedLaunch } from '../engine-effects.ts';
import type { InstanceRecord } from '../instance.ts';
import type { Instances } from '../plan.ts';
import { idOf } from '../volumes/reservation-owner.ts';
import type { RankOf } from './candidates.ts';
import { ComponentSearch, type Fit } from './component-search.ts';
import { type Evaluation, type PlacementRequest, evaluateOffer } from './offer-evaluator.ts';
import { createPackRank } from './offer-rank.ts';

/** An instance that may go to one host only is shown this many others that do not fit. */
const OTHERS_SHOWN = 3;

function countTasks(instances: Instances): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { task } of instances.list())
    if (task !== undefined) counts.set(task.hostname, (counts.get(task.hostname) ?? 0) + 1);
  return counts;
}

/** Offers by the ids of reservations and volumes in them. */
function indexReservations(offers: Iterable<Offer>): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const { id: offerId, resources = [] } of offers)
    for (const resource of resources) {
      const id = idOf(resource);
      if (id !== undefined) index.set(id, [...(index.get(id) ?? []), offerId.value]);
    }
  return index;
}

function isBound({ boundHost, claim }: PlacementRequest): boolean {
  return boundHost !== undefined || (claim?.seen.length ?? 0) > 0;
}

export class OfferPool {
  readonly offers: Map<string, Offer>;
  readonly launches = new Map<string, PlannedLaunch[]>();
  readonly #byHost: Map<string, Offer[]>;
  readonly #instances: Instances;
  #loads: Map<string, number> | undefined;
  readonly #searches = new Map<string, ComponentSearch>();
  readonly #packRank: RankOf;
  #byReservation: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(offers: readonly Offer[], instances: Instances) {
    this.offers = new Map(offers.map((offer) => [offer.id.value, offer]));
    this.#byHost = Map.groupBy(offers, ({ hostname }) => hostname);
    this.#instances = instances;
    this.#packRank = createPackRank(offers);
  }

  /** Tasks by host. */
  #listLoads(): Map<string, number> {
    this.#loads ??= countTasks(this.#instances);
    return this.#loads;
  }

  #searchOf(request: PlacementRequest): ComponentSearch {
    const { name, placement } = request.component;
    const known = this.#searches.get(name);
    if (known !== undefined) return known;
    const rankOf: RankOf =
      placement?.strategy === 'pack'
        ? this.#packRank
        : ({ hostname }) => this.#listLoads().get(hostname) ?? 0;
    const search = new ComponentSearch(this.offers, request, rankOf);
    this.#searches.set(name, search);
    return search;
  }

  #evaluate(request: PlacementRequest, offerId: string): Evaluation {
    return evaluateOffer(request, this.offers.get(offerId) as Offer);
  }

  /** The best offer that fits, or the reasons of those that do not. */
  findFit(request: PlacementRequest, instance: InstanceRecord): Fit {
    const { hostname } = request.boundHost ?? instance;
    const holding = this.#listHolding(request);
    const refused: Evaluation[] = [];
    for (const offerId of new Set([...holding, ...this.#listOfHost(hostname)])) {
      const evaluation = this.#evaluate(request, offerId);
      if (evaluation.placement !== undefined) return { evaluation, refused };
      refused.push(evaluation);
    }
    if (isBound(request)) return { refused: this.#showOthers(request, refused) };
    return this.#searchOf(request).findFit(request, refused);
  }

  #listOfHost(hostname: string | undefined): string[] {
    return (this.#byHost.get(hostname ?? '') ?? []).map(({ id }) => id.value);
  }

  /** Offers with something that is reserved for the instance, wherever they are. */
  #listHolding({ claim }: PlacementRequest): string[] {
    if (claim === undefined || claim.held.length === 0) return [];
    this.#byReservation ??= indexReservations(this.offers.values());
    return claim.held.flatMap((resource) => this.#byReservation?.get(idOf(resource) ?? '') ?? []);
  }

  #showOthers(request: PlacementRequest, refused: readonly Evaluation[]): Evaluation[] {
    const others: Evaluation[] = [];
    const shown = new Set(refused.map(({ offerId }) => offerId));
    for (const offerId of this.offers.keys()) {
      if (others.length === OTHERS_SHOWN) break;
      if (!shown.has(offerId)) others.push(this.#evaluate(request, offerId));
    }
    return [...refused, ...others];
  }

  /** Agents that were refused to a component. To be called when all were placed that could be. */
  listRefused(component: string): Evaluation[] {
    return this.#searches.get(component)?.listRefused() ?? [];
  }

  /** Takes a launch's resources out of its offer. */
  take(offerId: string, launch: PlannedLaunch): void {
    const offer = this.offers.get(offerId) as Offer;
    const { taken } = launch.placement;
    this.offers.set(offerId, { ...offer, resources: subtractResources(offer.resources ?? [], taken) });
    this.launches.set(offerId, [...(this.launches.get(offerId) ?? []), launch]);
    const loads = this.#listLoads();
    loads.set(offer.hostname, (loads.get(offer.hostname) ?? 0) + 1);
    for (const { id } of this.#byHost.get(offer.hostname) ?? [])
      for (const search of this.#searches.values()) search.rerank(this.offers.get(id.value) as Offer);
  }
}
