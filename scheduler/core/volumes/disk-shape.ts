/** Shapes of disk: which entry of an offer a volume can be cut from, and what it is before and after. */
import type { Reservation, Resource } from '../../../protocol/mesos/resource.ts';
import type { VolumeRequest } from '../service-spec.ts';

function isLocal(resource: Resource): boolean {
  return (
    resource.name === 'disk' &&
    resource.type === 'SCALAR' &&
    resource.revocable === undefined &&
    resource.shared === undefined &&
    resource.provider_id === undefined
  );
}

/** Disk of that kind without a volume on it. A disk of a storage provider (CSI) is none: it has a profile and an own way. */
export function isFreeDisk(resource: Resource, kind: VolumeRequest['disk']): boolean {
  if (!isLocal(resource) || resource.disk?.persistence !== undefined) return false;
  const source = resource.disk?.source;
  return kind === 'ROOT' ? source === undefined : source?.type === kind;
}

export function sizeMiBOf(resource: Resource): number {
  return resource.scalar?.value ?? 0;
}

export function withSize(resource: Resource, sizeMiB: number): Resource {
  return { ...resource, scalar: { value: sizeMiB } };
}

/** True when who reserved it is the role itself, so that no reservation can be put on top (only a role below it may). */
export function isReservedTo(resource: Resource, role: string): boolean {
  return resource.reservations?.at(-1)?.role === role;
}

export function pushReservation(resource: Resource, reservation: Reservation): Resource {
  return { ...resource, reservations: [...(resource.reservations ?? []), reservation] };
}

interface VolumeShape {
  readonly id: string;
  readonly containerPath: string;
  readonly principal?: string | undefined;
}

/** The disk keeps its source. */
export function toVolume(resource: Resource, { id, containerPath, principal }: VolumeShape): Resource {
  const persistence = { id, ...(principal !== undefined && { principal }) };
  const volume = { mode: 'RW' as const, container_path: containerPath };
  return { ...resource, disk: { ...resource.disk, persistence, volume } };
}

/** What DESTROY makes of a volume. */
export function withoutVolume(resource: Resource): Resource {
  const { disk, ...rest } = resource;
  return disk?.source === undefined ? rest : { ...rest, disk: { source: disk.source } };
}
