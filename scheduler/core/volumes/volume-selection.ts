/** Finds an instance's volumes in an offer, or the disk to make them on. */
import type { Resource } from '../../../protocol/mesos/resource.ts';
import { subtractResources } from '../../../protocol/resources.ts';
import type { VolumeRequest } from '../service-spec.ts';
import { isFreeDisk, isReservedTo, pushReservation, sizeMiBOf, toVolume, withSize } from './disk-shape.ts';
import { createReservation, labelIdOf } from './reservation-owner.ts';
import { type VolumeClaim, createClaimId, findHeld } from './volume-claim.ts';

export interface SelectedVolume {
  readonly name: string;
  /** As offered. */
  readonly taken: Resource;
  readonly reserve?: Resource;
  readonly create?: Resource;
  /** What the task gets. */
  readonly volume: Resource;
}

export interface VolumeSelection {
  readonly volumes: readonly SelectedVolume[];
  /** Unset when every volume was found or can be made. */
  readonly problem?: string;
}

interface Search {
  readonly request: VolumeRequest;
  readonly claim: VolumeClaim;
  readonly offered: readonly Resource[];
}

function findMade({ request, offered }: Search, id: string): SelectedVolume | undefined {
  const volume = offered.find(({ disk }) => disk?.persistence?.id === id);
  return volume === undefined ? undefined : { name: request.name, taken: volume, volume };
}

/** Reserved, but the volume was never made on it. */
function findHalfMade({ request, claim, offered }: Search, id: string): SelectedVolume | undefined {
  const taken = offered.find((resource) => labelIdOf(resource) === id && isFreeDisk(resource, request.disk));
  if (taken === undefined) return undefined;
  const { name, containerPath } = request;
  const volume = toVolume(taken, { id, containerPath, principal: claim.principal });
  return { name, taken, create: volume, volume };
}

/** What is set aside for the role first, then the smallest: a large disk stays whole. */
function findFreeDisk({ offered, request }: Search): Resource | undefined {
  const fitting = offered.filter(
    (resource) =>
      isFreeDisk(resource, request.disk) &&
      (resource.reservations?.at(-1)?.labels?.labels ?? []).length === 0 &&
      sizeMiBOf(resource) >= request.sizeMiB,
  );
  const rank = (resource: Resource) => ((resource.reservations?.length ?? 0) > 0 ? 0 : 1);
  return fitting.toSorted((a, b) => rank(a) - rank(b) || sizeMiBOf(a) - sizeMiBOf(b))[0];
}

function makeVolume(disk: Resource, { request, claim }: Search): SelectedVolume {
  const { principal, role } = claim;
  const { name } = request;
  const id = createClaimId(claim, name);
  const taken = request.disk === 'MOUNT' ? disk : withSize(disk, request.sizeMiB);
  const shape = { id, containerPath: request.containerPath, principal };
  if (isReservedTo(taken, role)) {
    const volume = toVolume(taken, shape);
    return { name, taken, create: volume, volume };
  }
  const reserve = pushReservation(taken, createReservation(id, role, principal));
  const volume = toVolume(reserve, shape);
  return { name, taken, reserve, create: volume, volume };
}

function describeLacking({ request, offered }: Search): string {
  const sizes = offered.filter((resource) => isFreeDisk(resource, request.disk)).map(sizeMiBOf);
  const kind = request.disk === 'ROOT' ? 'disk' : `${request.disk} disk`;
  const most = sizes.length === 0 ? `no ${kind}` : `${Math.max(...sizes)} MiB at most in one piece`;
  return `needs ${request.sizeMiB} MiB of ${kind} for its volume ${request.name}, offered ${most}`;
}

function selectVolume(search: Search): SelectedVolume | string {
  const { request, claim } = search;
  const id = findHeld(claim, request.name)?.disk?.persistence?.id;
  if (id !== undefined) {
    const found = findMade(search, id) ?? findHalfMade(search, id);
    if (found !== undefined) return found;
    if (claim.seen.includes(id))
      return `needs its volume ${request.name}, which lies on host ${claim.hostname ?? 'unknown'} and is not offered here`;
  }
  const disk = findFreeDisk(search);
  return disk === undefined ? describeLacking(search) : makeVolume(disk, search);
}

/** Pure; all volumes or none. */
export function selectVolumes(claim: VolumeClaim, offered: readonly Resource[]): VolumeSelection {
  if (claim.role === '*')
    return { volumes: [], problem: 'role * cannot hold a volume: give the framework a role of its own' };
  const volumes: SelectedVolume[] = [];
  let rest = offered;
  for (const request of claim.requests) {
    const selected = selectVolume({ request, claim, offered: rest });
    if (typeof selected === 'string') return { volumes, problem: selected };
    volumes.push(selected);
    rest = subtractResources(rest, [selected.taken]);
  }
  return { volumes };
}

export function removeTaken(offered: readonly Resource[], { volumes }: VolumeSelection): Resource[] {
  return subtractResources(
    offered,
    volumes.map(({ taken }) => taken),
  );
}
