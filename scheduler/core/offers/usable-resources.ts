/** Which entries of an offer a plain task may use, and in which order. */
import type { Resource } from '../../../protocol/mesos/resource.ts';

/** Revocable resources may be taken away at any time; shared ones, disks and those of a provider have ways of their own. */
function isPlain(resource: Resource): boolean {
  return (
    resource.revocable === undefined &&
    resource.shared === undefined &&
    resource.disk === undefined &&
    resource.provider_id === undefined
  );
}

/** A dynamic reservation with labels was made by a framework for itself, maybe by another one of the same role. */
function isLabelled(resource: Resource): boolean {
  const owner = resource.reservations?.at(-1);
  return owner?.type === 'DYNAMIC' && (owner.labels?.labels?.length ?? 0) > 0;
}

function rank(resource: Resource): number {
  if (isLabelled(resource)) return 0;
  return (resource.reservations?.length ?? 0) > 0 ? 1 : 2;
}

/**
 * Reserved entries first: what is set aside for the instance, then for the role, is used before what everybody may use.
 * @param isOwn true for labelled entries that were reserved for this very instance
 */
export function selectUsable(
  resources: readonly Resource[],
  isOwn: (resource: Resource) => boolean = () => false,
): Resource[] {
  const usable = resources.filter(
    (resource) => isPlain(resource) && (!isLabelled(resource) || isOwn(resource)),
  );
  return usable.sort((a, b) => rank(a) - rank(b));
}
