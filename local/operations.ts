/** What RESERVE, UNRESERVE, CREATE and DESTROY make of resources: some are taken out, others put in their place. */
import type { DiskInfo, Reservation, Resource } from '../protocol/mesos/resource.ts';
import type { Operation } from '../protocol/mesos/operation.ts';
import { addResources, containsResources, identityOf, subtractResources } from '../protocol/resources.ts';

/** An operation that changes what an agent's resources are, and starts nothing. */
export type ResourceOperation = Exclude<Operation, { type: 'LAUNCH' }>;

export interface Conversion {
  readonly consumed: readonly Resource[];
  readonly converted: readonly Resource[];
}

export function withReservations(resource: Resource, reservations: readonly Reservation[]): Resource {
  const { reservations: _reservations, ...rest } = resource;
  return reservations.length === 0 ? rest : { ...rest, reservations };
}

/** Without the last reservation. */
function popReservation(resource: Resource): Resource {
  return withReservations(resource, (resource.reservations ?? []).slice(0, -1));
}

/** The disk that a volume is cut from. */
function withoutVolume(volume: Resource): Resource {
  const { disk, ...rest } = volume;
  const source: DiskInfo | undefined = disk?.source === undefined ? undefined : { source: disk.source };
  return source === undefined ? rest : { ...rest, disk: source };
}

export function conversionsOf(operation: ResourceOperation): Conversion[] {
  switch (operation.type) {
    case 'RESERVE': {
      const { resources, source } = operation.reserve;
      if (source !== undefined && source.length > 0) return [{ consumed: source, converted: resources }];
      return resources.map((resource) => ({ consumed: [popReservation(resource)], converted: [resource] }));
    }
    case 'UNRESERVE':
      return operation.unreserve.resources.map((resource) => ({
        consumed: [resource],
        converted: [popReservation(resource)],
      }));
    case 'CREATE':
      return operation.create.volumes.map((volume) => ({
        consumed: [withoutVolume(volume)],
        converted: [volume],
      }));
    case 'DESTROY':
      return operation.destroy.volumes.map((volume) => ({
        consumed: [volume],
        converted: [withoutVolume(volume)],
      }));
  }
}

/** Persistent volumes and whole disks cannot be taken in part. */
function isWhole(resource: Resource): boolean {
  return resource.disk?.persistence !== undefined || resource.disk?.source?.type === 'MOUNT';
}

/** True if all of `wanted` can be taken out of `available`, what is indivisible as a whole. */
export function holdsResources(available: readonly Resource[], wanted: readonly Resource[]): boolean {
  if (!containsResources(available, wanted)) return false;
  return wanted.filter(isWhole).every((resource) => {
    const whole = available.find((candidate) => identityOf(candidate) === identityOf(resource));
    return whole?.scalar?.value === resource.scalar?.value;
  });
}

/** What the resources are afterwards, or undefined when they do not hold what is consumed. */
export function convert(resources: readonly Resource[], conversion: Conversion): Resource[] | undefined {
  if (!holdsResources(resources, conversion.consumed)) return undefined;
  return addResources(subtractResources(resources, conversion.consumed), conversion.converted);
}

export function isReserved(resource: Resource): boolean {
  return (resource.reservations ?? []).length > 0;
}

export function isDynamicallyReserved(resource: Resource): boolean {
  return resource.reservations?.at(-1)?.type === 'DYNAMIC';
}

export function isPersistentVolume(resource: Resource): boolean {
  return resource.disk?.persistence !== undefined;
}

/** Who may use it: the role of the last reservation. */
export function reservationRole(resource: Resource): string | undefined {
  return resource.reservations?.at(-1)?.role;
}

/** What operations made, as opposed to the agent's flags: the agent remembers it. */
export function isCheckpointed(resource: Resource): boolean {
  return isDynamicallyReserved(resource) || isPersistentVolume(resource);
}

/** What the agent's flags said before any operation. */
export function undoOperations(resource: Resource): Resource {
  const fixed = (resource.reservations ?? []).filter(({ type }) => type === 'STATIC');
  return withReservations(withoutVolume(resource), fixed);
}
