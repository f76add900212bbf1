/** Answers every offer of a round: used, given back in part, or declined. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import type { Draft } from '../draft.ts';
import type { PlannedLaunch } from '../engine-effects.ts';
import type { ResourceOperation } from '../volumes/operations.ts';
import { BUSY_REFUSE_SECONDS, toRefuseSeconds } from './offer-demand.ts';

export interface Answers {
  readonly offers: readonly Offer[];
  /** By offer. */
  readonly launches: ReadonlyMap<string, readonly PlannedLaunch[]>;
  readonly releases: ReadonlyMap<string, readonly ResourceOperation[]>;
  /** Offers that will be wanted soon, with the seconds until then. */
  readonly passing: ReadonlyMap<string, number>;
}

function roleOf(offer: Offer): string {
  return offer.allocation_info?.role ?? '*';
}

interface Response {
  readonly draft: Draft;
  readonly answers: Answers;
  /** How long a role does without what is left of an offer. */
  readonly refuseSeconds: ReadonlyMap<string, number>;
}

function toSeconds({ answers, refuseSeconds }: Response, offer: Offer): number {
  const idle = refuseSeconds.get(roleOf(offer)) as number;
  return Math.min(idle, answers.passing.get(offer.id.value) ?? idle);
}

function accept(response: Response, offer: Offer): void {
  const { draft, answers } = response;
  const offerId = offer.id.value;
  const launches = answers.launches.get(offerId) ?? [];
  const released = answers.releases.get(offerId) ?? [];
  const made = launches.flatMap(({ placement }) => placement.reservation?.operations ?? []);
  const operations = [...released, ...made];
  // What became of a release shows in the next offer of that agent.
  const isSoon = released.length > 0;
  const refuseSeconds = isSoon ? BUSY_REFUSE_SECONDS : toSeconds(response, offer);
  if (launches.length > 0) draft.add({ kind: 'accept', offerId, operations, launches, refuseSeconds });
  else draft.add({ kind: 'release', offerId, operations, refuseSeconds });
}

/** Few DECLINEs: how long an offer is refused depends on what its role waits for. */
function decline(response: Response, offers: readonly Offer[]): void {
  for (const [refuseSeconds, refused] of Map.groupBy(offers, (offer) => toSeconds(response, offer))) {
    const offerIds = refused.map(({ id }) => id.value);
    response.draft.add({ kind: 'decline', offerIds, refuseSeconds });
  }
}

/** In the order in which launches were decided. */
export function respond(draft: Draft, answers: Answers): void {
  const roles = new Set(answers.offers.map(roleOf));
  const refuseSeconds = new Map([...roles].map((role) => [role, toRefuseSeconds(draft.state, role)]));
  const response = { draft, answers, refuseSeconds };
  const used = new Set([...answers.launches.keys(), ...answers.releases.keys()]);
  const byId = new Map(answers.offers.map((offer) => [offer.id.value, offer]));
  for (const offerId of used) accept(response, byId.get(offerId) as Offer);
  decline(
    response,
    answers.offers.filter(({ id }) => !used.has(id.value)),
  );
}
