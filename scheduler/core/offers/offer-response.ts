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

function accept(draft: Draft, offer: Offer, answers: Answers): void {
  const offerId = offer.id.value;
  const launches = answers.launches.get(offerId) ?? [];
  const released = answers.releases.get(offerId) ?? [];
  const made = launches.flatMap(({ placement }) => placement.reservation?.operations ?? []);
  const operations = [...released, ...made];
  // What became of a release shows in the next offer of that agent.
  const refuseSeconds =
    released.length > 0 ? BUSY_REFUSE_SECONDS : toRefuseSeconds(draft.state, roleOf(offer));
  if (launches.length > 0) draft.add({ kind: 'accept', offerId, operations, launches, refuseSeconds });
  else draft.add({ kind: 'release', offerId, operations, refuseSeconds });
}

/** One DECLINE a role: how long an offer is refused depends on what the role waits for. */
function decline(draft: Draft, offers: readonly Offer[]): void {
  for (const [role, refused] of Map.groupBy(offers, roleOf)) {
    const offerIds = refused.map(({ id }) => id.value);
    draft.add({ kind: 'decline', offerIds, refuseSeconds: toRefuseSeconds(draft.state, role) });
  }
}

/** In the order in which launches were decided. */
export function respond(draft: Draft, answers: Answers): void {
  const used = new Set([...answers.launches.keys(), ...answers.releases.keys()]);
  const byId = new Map(answers.offers.map((offer) => [offer.id.value, offer]));
  for (const offerId of used) accept(draft, byId.get(offerId) as Offer, answers);
  decline(
    draft,
    answers.offers.filter(({ id }) => !used.has(id.value)),
  );
}
