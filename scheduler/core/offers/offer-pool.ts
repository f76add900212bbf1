/**
 * The offers of one round and what is left of them. An offer that is too small for a component is looked at once, not once
 * per instance.
 */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import { subtractResources } from '../../../protocol/resources.ts';
import type { PlannedLaunch } from '../engine-effects.ts';
import type { InstanceRecord } from '../instance.ts';
import type { Instances } from '../plan.ts';
import { idOf } from '../volumes/reservation-owner.ts';
import { Candidates, type RankOf } from './candidates.ts';
import { type Evaluation, type PlacementRequest, evaluateOffer } from './offer-evaluator.ts';
import { createPackRank } from './offer-rank.ts';

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
  for (const { task } of instances.list())
    if (task !== undefined) counts.set(task.hostname, (counts.get(task.hostname) ?? 0) + 1);
  return counts;
}

/**
 * True when no other instance of the component would fit either: an offer only shrinks during a round, and a host is not
 * given up. The host that an instance has itself, and offers that hold its volumes, are tried apart from the others.
 */
function isLasting(evaluation: Evaluation): boolean {
  return evaluation.outcomes.some(({ passes, mayChange }) => !passes && mayChange !== true);
}

/** What is known of a component's offers in this round. */
interface Search {
  readonly candidates: Candidates;
  /** Lasting refusals, the first ones. */
  readonly misfits: Evaluation[];
  /** By agent, each agent's last one. */
  readonly refused: Map<string, Evaluation>;
  /** Of the last instance that was looked for. */
  readonly request: PlacementRequest;
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
  readonly #searches = new Map<string, Search>();
  readonly #ineligible = new Map<string, readonly Evaluation[]>();
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

  #search(request: PlacementRequest): Search {
    const { component, judge } = request;
    const known = this.#searches.get(component.name);
    if (known !== undefined) return known;
    const rankOf: RankOf =
      component.placement?.strategy === 'pack'
        ? this.#packRank
        : ({ hostname }) => this.#listLoads().get(hostname) ?? 0;
    const search = {
      candidates: new Candidates(this.offers.values(), judge, rankOf),
      misfits: [],
      refused: new Map(),
      request,
    };
    this.#searches.set(component.name, search);
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
    return this.#findAnywhere(request, refused);
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

  #findAnywhere(request: PlacementRequest, refused: Evaluation[]): Fit {
    const search = this.#search(request);
    const tried = new Set(refused.map(({ offerId }) => offerId));
    for (const evaluation of refused) search.refused.set(evaluation.agentId, evaluation);
    const lasting: Evaluation[] = [];
    let fit: Evaluation | undefined;
    for (const offerId of search.candidates.inOrder()) {
      if (tried.has(offerId)) continue;
      const evaluation = this.#evaluate(request, offerId);
      if (evaluation.placement !== undefined) {
        fit = evaluation;
        break;
      }
      search.refused.set(evaluation.agentId, evaluation);
      if (refused.length < MAX_EVALUATIONS) refused.push(evaluation);
      if (isLasting(evaluation)) lasting.push(evaluation);
    }
    for (const { offerId } of lasting) search.candidates.drop(offerId);
    search.misfits.push(...lasting.slice(0, MAX_EVALUATIONS - search.misfits.length));
    return fit === undefined ? { refused: this.#fillUp(request, refused) } : { evaluation: fit, refused };
  }

  /** Refusals of this instance first, then one of each class that is closed to all, then what its component was refused. */
  #fillUp(request: PlacementRequest, refused: readonly Evaluation[]): Evaluation[] {
    const { candidates, misfits } = this.#search(request);
    const ineligible = this.#judgeIneligible(request).slice(0, MAX_EVALUATIONS);
    const closed = candidates
      .listClosed(MAX_EVALUATIONS - refused.length)
      .map((offerId) => this.#evaluate(request, offerId));
    const others = [...closed, ...misfits, ...ineligible].filter(
      (evaluation) => !refused.includes(evaluation),
    );
    return [...refused, ...others].slice(0, MAX_EVALUATIONS);
  }

  /** Every agent that was refused to those that may go anywhere. To be called when all were placed that could be. */
  listRefused(component: string): Evaluation[] {
    const search = this.#searches.get(component);
    if (search === undefined) return [];
    const { candidates, refused, request } = search;
    const ineligible = this.#judgeIneligible(request);
    const closed = [...candidates.closedClasses()].flatMap((offerIds) => this.#judgeClass(request, offerIds));
    return [...refused.values(), ...ineligible, ...closed.filter(({ placement }) => placement === undefined)];
  }

  /** Once for a component, and only if one of its instances finds no place. */
  #judgeIneligible(request: PlacementRequest): readonly Evaluation[] {
    const { name } = request.component;
    const known = this.#ineligible.get(name);
    if (known !== undefined) return known;
    const { ineligible } = this.#search(request).candidates;
    const judged = ineligible.map((offer) => evaluateOffer(request, offer));
    this.#ineligible.set(name, judged);
    return judged;
  }

  /** What the rule says of one says it of all; what they have left is not looked at. */
  #judgeClass(request: PlacementRequest, offerIds: readonly [string, ...string[]]): Evaluation[] {
    const evaluation = this.#evaluate(request, offerIds[0]);
    return offerIds.map((offerId) => {
      const { agent_id, hostname } = this.offers.get(offerId) as Offer;
      return { ...evaluation, offerId, agentId: agent_id.value, hostname };
    });
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
      for (const { candidates } of this.#searches.values())
        candidates.rerank(this.offers.get(id.value) as Offer);
  }
}
