/** What an instance with volumes needs of an offer, and what it has already. */
import type { Resource } from '../../../protocol/mesos/resource.ts';
import { roleOf } from '../components.ts';
import type { EngineState } from '../engine-state.ts';
import type { InstanceRecord } from '../instance.ts';
import type { ComponentSpec, VolumeRequest } from '../service-spec.ts';
import { type ReservationOwner, idOf, parseOwnedId, renderOwnedId } from './reservation-owner.ts';

export interface VolumeClaim {
  readonly owner: ReservationOwner;
  readonly instance: string;
  readonly role: string;
  readonly principal?: string | undefined;
  readonly requests: readonly VolumeRequest[];
  /** `all`: cpus, memory, disk and ports of the task are reserved with the volumes. */
  readonly reserve: 'volumes' | 'all';
  /** What the ledger holds for the instance. */
  readonly held: readonly Resource[];
  /** Ids among them that Mesos has shown to exist. */
  readonly seen: readonly string[];
  /** Host of the held ones. */
  readonly hostname?: string | undefined;
  /** Part of the ids of what is made now. */
  readonly unique: string;
}

/** Undefined for a component without volumes. */
export function toVolumeClaim(
  { settings, facts }: EngineState,
  component: ComponentSpec,
  instance: InstanceRecord,
): Omit<VolumeClaim, 'unique'> | undefined {
  const requests = component.volumes ?? [];
  if (requests.length === 0) return undefined;
  return {
    owner: { cluster: settings.spec.cluster, state: facts.reservationOwner?.id ?? '' },
    instance: instance.name,
    role: roleOf(settings, component),
    principal: settings.principal,
    requests,
    reserve: component.reserve ?? 'volumes',
    held: instance.reserved ?? [],
    seen: listSeenIds(instance),
    hostname: instance.hostname,
  };
}

export function createClaimId({ owner, instance, unique }: VolumeClaim, name: string): string {
  return renderOwnedId({ ...owner, instance, name, unique });
}

/** The ledger's entry of a volume. */
export function findHeld({ held }: VolumeClaim, name: string): Resource | undefined {
  return held.find((resource) => {
    const id = resource.disk?.persistence?.id;
    return id !== undefined && parseOwnedId(id)?.name === name;
  });
}

/** Ids of all that an instance has reserved. */
export function listReservedIds(instance: InstanceRecord): string[] {
  return [...new Set((instance.reserved ?? []).flatMap((resource) => idOf(resource) ?? []))];
}

/** Those among them that Mesos has shown to exist. */
export function listSeenIds(instance: InstanceRecord): string[] {
  const seen = instance.reservedSeen ?? [];
  return seen.length === 0 ? [] : listReservedIds(instance).filter((id) => seen.includes(id));
}

/** True when the instance can only live where its volumes are. */
export function isBoundByVolumes(instance: InstanceRecord): boolean {
  return listSeenIds(instance).length > 0;
}
