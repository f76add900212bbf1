/** What is found of a component's offers in one round: an offer that cannot do for it is looked at once, not once per instance. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import { Candidates, type RankOf } from './candidates.ts';
import { type Evaluation, type PlacementRequest, evaluateOffer } from './offer-evaluator.ts';

/** Refusals that are kept to explain why an instance waits. */
export const MAX_EVALUATIONS = 20;

export interface Fit {
  readonly evaluation?: Evaluation;
  readonly refused: readonly Evaluation[];
}

/**
 * True when no other instance of the component would fit either: an offer only shrinks during a round, and a host is not
 * given up. The host that an instance has itself, and offers that hold its volumes, are tried apart from the others.
 */
function isLasting(evaluation: Evaluation): boolean {
  return evaluation.outcomes.some(({ passes, mayChange }) => !passes && mayChange !== true);
}

export class ComponentSearch {
  readonly #offers: ReadonlyMap<string, Offer>;
  readonly #candidates: Candidates;
  /** Lasting refusals, the first ones. */
  readonly #misfits: Evaluation[] = [];
  /** By agent, each agent's last one. */
  readonly #refused = new Map<string, Evaluation>();
  /** Of the first instance that was looked for. */
  readonly #request: PlacementRequest;
  #ineligible: readonly Evaluation[] | undefined;

  /** @param offers what is left of each; the caller keeps it up to date */
  constructor(offers: ReadonlyMap<string, Offer>, request: PlacementRequest, rankOf: RankOf) {
    this.#offers = offers;
    this.#request = request;
    this.#candidates = new Candidates(offers.values(), request.judge, rankOf);
  }

  #evaluate(request: PlacementRequest, offerId: string): Evaluation {
    return evaluateOffer(request, this.#offers.get(offerId) as Offer);
  }

  /** @param refused offers that the instance was tried on before */
  findFit(request: PlacementRequest, refused: Evaluation[]): Fit {
    const tried = new Set(refused.map(({ offerId }) => offerId));
    for (const evaluation of refused) this.#refused.set(evaluation.agentId, evaluation);
    const lasting: Evaluation[] = [];
    let fit: Evaluation | undefined;
    for (const offerId of this.#candidates.inOrder()) {
      if (tried.has(offerId)) continue;
      const evaluation = this.#evaluate(request, offerId);
      if (evaluation.placement !== undefined) {
        fit = evaluation;
        break;
      }
      this.#refused.set(evaluation.agentId, evaluation);
      if (refused.length < MAX_EVALUATIONS) refused.push(evaluation);
      if (isLasting(evaluation)) lasting.push(evaluation);
    }
    this.#drop(lasting);
    return fit === undefined ? { refused: this.#fillUp(request, refused) } : { evaluation: fit, refused };
  }

  #drop(lasting: readonly Evaluation[]): void {
    for (const { offerId } of lasting) this.#candidates.drop(offerId);
    this.#misfits.push(...lasting.slice(0, MAX_EVALUATIONS - this.#misfits.length));
  }

  /** Refusals of this instance first, then one of each class that is closed to all, then what its component was refused. */
  #fillUp(request: PlacementRequest, refused: readonly Evaluation[]): Evaluation[] {
    const closed = this.#candidates
      .listClosed(MAX_EVALUATIONS - refused.length)
      .map((offerId) => this.#evaluate(request, offerId));
    const ineligible = this.#judgeIneligible().slice(0, MAX_EVALUATIONS);
    const others = [...closed, ...this.#misfits, ...ineligible].filter(
      (evaluation) => !refused.includes(evaluation),
    );
    return [...refused, ...others].slice(0, MAX_EVALUATIONS);
  }

  /** Every agent that was refused to those that may go anywhere. To be called when all were placed that could be. */
  listRefused(): Evaluation[] {
    const closed = [...this.#candidates.closedClasses()].flatMap((offerIds) => this.#judgeClass(offerIds));
    const refused = closed.filter(({ placement }) => placement === undefined);
    return [...this.#refused.values(), ...this.#judgeIneligible(), ...refused];
  }

  /** Once, and only if an instance finds no place. */
  #judgeIneligible(): readonly Evaluation[] {
    this.#ineligible ??= this.#candidates.ineligible.map((offer) => evaluateOffer(this.#request, offer));
    return this.#ineligible;
  }

  /** What the rule says of one says it of all; what they have left is not looked at. */
  #judgeClass(offerIds: readonly [string, ...string[]]): Evaluation[] {
    const evaluation = this.#evaluate(this.#request, offerIds[0]);
    return offerIds.map((offerId) => {
      const { agent_id, hostname } = this.#offers.get(offerId) as Offer;
      return { ...evaluation, offerId, agentId: agent_id.value, hostname };
    });
  }

  /** Something of the offer or of its host has been taken. */
  rerank(offer: Offer): void {
    this.#candidates.rerank(offer);
  }
}
