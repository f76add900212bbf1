/**
 * The offers that a component may still use, best first: by preferences, then by strategy. Offers of hosts that its rule
 * cannot tell apart form a class, and a class is judged once, so that a search looks at few offers however many there are.
 */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import { type HostFacts, toHostFacts } from '../constraints/host-facts.ts';
import type { PlacementJudge } from '../constraints/placement-judge.ts';
import { RankedOffers } from './ranked-offers.ts';

interface ClassSample {
  readonly offers: RankedOffers;
  readonly offerId: string;
  readonly facts: HostFacts;
}

/** Lowest first. */
export type RankOf = (offer: Offer) => number;

/** All offers of several classes by their rank. */
function* mergeByRank(classes: readonly RankedOffers[]): Generator<string> {
  const next = classes.map((offers) => ({ offers, keys: offers.keys, at: 0 }));
  for (;;) {
    let lowest = Number.POSITIVE_INFINITY;
    for (const { keys, at } of next) lowest = Math.min(lowest, keys[at] ?? Number.POSITIVE_INFINITY);
    if (lowest === Number.POSITIVE_INFINITY) return;
    for (const cursor of next) {
      if (cursor.keys[cursor.at] !== lowest) continue;
      yield* cursor.offers.at(lowest);
      cursor.at += 1;
    }
  }
}

export class Candidates {
  readonly #judge: PlacementJudge | undefined;
  readonly #rankOf: RankOf;
  readonly #classes = new Map<string, RankedOffers>();
  readonly #classOf = new Map<string, RankedOffers>();
  readonly #factsOf = new Map<string, HostFacts>();
  /** Never to be used, for the rule alone; kept to explain. */
  readonly ineligible: Offer[] = [];

  constructor(offers: Iterable<Offer>, judge: PlacementJudge | undefined, rankOf: RankOf) {
    this.#judge = judge;
    this.#rankOf = rankOf;
    for (const offer of offers) {
      const facts = toHostFacts(offer);
      if (judge?.isEligible(facts) === false) this.ineligible.push(offer);
      else {
        this.#factsOf.set(offer.id.value, facts);
        this.#add(offer, facts);
      }
    }
  }

  #add(offer: Offer, facts: HostFacts): void {
    const key = this.#judge?.classOf(facts) ?? '';
    const found = this.#classes.get(key) ?? new RankedOffers();
    this.#classes.set(key, found);
    found.add(offer.id.value, this.#rankOf(offer));
    this.#classOf.set(offer.id.value, found);
  }

  /** No instance of the component will use it in this round. */
  drop(offerId: string): void {
    this.#classOf.get(offerId)?.remove(offerId);
    this.#classOf.delete(offerId);
  }

  /** The offer is not what it was: something of it or of its host has been taken. */
  rerank(offer: Offer): void {
    const facts = this.#factsOf.get(offer.id.value);
    if (facts === undefined || !this.#classOf.has(offer.id.value)) return;
    this.drop(offer.id.value);
    this.#add(offer, facts);
  }

  /** One host of each class that is not empty: what holds for it holds for all. */
  #listSamples(): ClassSample[] {
    const samples: ClassSample[] = [];
    for (const offers of this.#classes.values()) {
      const [offerId] = offers.at(offers.keys[0] ?? 0);
      if (offerId !== undefined)
        samples.push({ offers, offerId, facts: this.#factsOf.get(offerId) as HostFacts });
    }
    return samples;
  }

  /** The caller drops none while it goes through them. */
  *inOrder(): Generator<string> {
    const judge = this.#judge;
    if (judge === undefined) return yield* mergeByRank([...this.#classes.values()]);
    const open = this.#listSamples().filter(({ facts }) => judge.isOpen(facts));
    const byScore = Map.groupBy(open, ({ facts }) => judge.score(facts));
    const scores = [...byScore.keys()].toSorted((a, b) => b - a);
    for (const score of scores) yield* mergeByRank((byScore.get(score) ?? []).map(({ offers }) => offers));
  }

  /** The offers of each class that no new instance may go to now. */
  *closedClasses(): Generator<readonly [string, ...string[]]> {
    for (const { facts, offers } of this.#listSamples()) {
      if (this.#judge?.isOpen(facts) !== false) continue;
      const [first, ...others] = offers.keys.flatMap((key) => [...offers.at(key)]);
      if (first !== undefined) yield [first, ...others];
    }
  }

  /** One offer of each class that no new instance may go to now. */
  listClosed(limit: number): string[] {
    const closed = this.#listSamples().filter(({ facts }) => this.#judge?.isOpen(facts) === false);
    return closed.slice(0, Math.max(0, limit)).map(({ offerId }) => offerId);
  }
}
