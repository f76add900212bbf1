/**
 * The offers that a component may still use, best first: by preferences, then by strategy. Offers of hosts that its rule
 * cannot tell apart form a class, and a class is judged once, so that a search looks at few offers however many there are.
 */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import { type HostFacts, toHostFacts } from '../constraints/host-facts.ts';
import type { PlacementJudge } from '../constraints/placement-judge.ts';
import { RankedOffers } from './ranked-offers.ts';

interface HostClass {
  /** Any of its hosts: the rule sees no difference. */
  readonly facts: HostFacts;
  readonly offers: RankedOffers;
}

/** Lowest first. */
export type RankOf = (offer: Offer) => number;

/** All offers of several classes by their rank. */
function* mergeByRank(classes: readonly HostClass[]): Generator<string> {
  const next = classes.map(({ offers }) => ({ offers, keys: offers.keys, at: 0 }));
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
  readonly #classes = new Map<string, HostClass>();
  readonly #classOf = new Map<string, HostClass>();
  /** Never to be used, for the rule alone; kept to explain. */
  readonly ineligible: Offer[] = [];

  constructor(offers: Iterable<Offer>, judge: PlacementJudge | undefined, rankOf: RankOf) {
    this.#judge = judge;
    this.#rankOf = rankOf;
    for (const offer of offers) {
      if (judge?.isEligible(toHostFacts(offer)) === false) this.ineligible.push(offer);
      else this.#add(offer);
    }
  }

  #add(offer: Offer): void {
    const facts = toHostFacts(offer);
    const key = this.#judge?.classOf(facts) ?? '';
    const found = this.#classes.get(key) ?? { facts, offers: new RankedOffers() };
    this.#classes.set(key, found);
    found.offers.add(offer.id.value, this.#rankOf(offer));
    this.#classOf.set(offer.id.value, found);
  }

  /** No instance of the component will use it in this round. */
  drop(offerId: string): void {
    this.#classOf.get(offerId)?.offers.remove(offerId);
    this.#classOf.delete(offerId);
  }

  /** The offer is not what it was: something of it or of its host has been taken. */
  rerank(offer: Offer): void {
    if (!this.#classOf.has(offer.id.value)) return;
    this.drop(offer.id.value);
    this.#add(offer);
  }

  /** The caller drops none while it goes through them. */
  *inOrder(): Generator<string> {
    const judge = this.#judge;
    if (judge === undefined) return yield* mergeByRank([...this.#classes.values()]);
    const open = [...this.#classes.values()].filter(({ facts }) => judge.isOpen(facts));
    const byScore = Map.groupBy(open, ({ facts }) => judge.score(facts));
    const scores = [...byScore.keys()].toSorted((a, b) => b - a);
    for (const score of scores) yield* mergeByRank(byScore.get(score) ?? []);
  }

  /** One offer of each class that no new instance may go to now. */
  listClosed(limit: number): string[] {
    const closed: string[] = [];
    for (const { facts, offers } of this.#classes.values()) {
      const [lowest] = offers.keys;
      if (closed.length >= limit || lowest === undefined) continue;
      const [first] = offers.at(lowest);
      if (first !== undefined && this.#judge?.isOpen(facts) === false) closed.push(first);
    }
    return closed;
  }
}
