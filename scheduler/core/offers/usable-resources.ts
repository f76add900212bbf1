/** Which entries of an offer a plain task may use, and in which order. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import type { Resource } from '../../../protocol/mesos/resource.ts';

function isPlain(resource: Resource): boolean {
  return (
    resource.revocable === undefined &&
    resource.shared === undefined &&
    resource.disk === undefined &&
    resource.provider_id === undefined
  );
}

/** A dynamic reservation with labels was made by a framework for itself, maybe by another one of the same role. */
function isForeign(resource: Resource): boolean {
  const owner = resource.reservations?.at(-1);
  return owner?.type === 'DYNAMIC' && (owner.labels?.labels?.length ?? 0) > 0;
}

/** Reserved entries first: what is set aside for the role is used before what everybody may use. */
export function selectUsable(offer: Offer): Resource[] {
  const usable = (offer.resources ?? []).filter((resource) => isPlain(resource) && !isForeign(resource));
  const isReserved = (resource: Resource) => (resource.reservations?.length ?? 0) > 0;
  return [...usable.filter(isReserved), ...usable.filter((resource) => !isReserved(resource))];
}
