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

function accept({ draft, answers, refuseSeconds: idle }: Response, offer: Offer): void {
  const offerId = offer.id.value;
  const launches = answers.launches.get(offerId) ?? [];
  const released = answers.releases.get(offerId) ?? [];
  const made = launches.flatMap(({ placement }) => placement.reservation?.operations ?? []);
  const operations = [...released, ...made];
  // What became of a release shows in the next offer of that agent.
  const isSoon = released.length > 0;
  const refuseSeconds = isSoon ? BUSY_REFUSE_SECONDS : (idle.get(roleOf(offer)) as number);
  if (launches.length > 0) draft.add({ kind: 'accept', offerId, operations, launches, refuseSeconds });
  else draft.add({ kind: 'release', offerId, operations, refuseSeconds });
}

/** One DECLINE a role: how long an offer is refused depends on what the role waits for. */
function decline({ draft, refuseSeconds }: Response, offers: readonly Offer[]): void {
  for (const [role, refused] of Map.groupBy(offers, roleOf)) {
    const offerIds = refused.map(({ id }) => id.value);
    draft.add({ kind: 'decline', offerIds, refuseSeconds: refuseSeconds.get(role) as number });
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
