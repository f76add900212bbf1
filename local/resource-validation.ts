/** What makes Mesos refuse a resource by itself, whoever asks for it (Resources::validate of its source). */
import type { DiskInfo, Reservation, Resource } from '../protocol/mesos/resource.ts';
import { normalizeRanges } from '../protocol/resources.ts';
import { isPersistentVolume, isReserved, reservationRole } from './operations.ts';
import { findIdProblem, findRoleProblem } from './names.ts';

function findScalarProblem({ scalar, ranges, set }: Resource): string | undefined {
  if (scalar === undefined || ranges !== undefined || set !== undefined) return 'Invalid scalar resource';
  // What is not zero may not be rounded to it either.
  const nothing = scalar.value !== 0 && Math.round(scalar.value * 1000) <= 0;
  return nothing ? 'Invalid scalar resource: value <= 0' : undefined;
}

function findRangesProblem({ scalar, ranges, set }: Resource): string | undefined {
  if (scalar !== undefined || ranges === undefined || set !== undefined) return 'Invalid ranges resource';
  const range = ranges.range ?? [];
  if (range.some(({ begin, end }) => begin > end)) return 'Invalid ranges resource: begin > end';
  const size = (of: typeof range): number => of.reduce((sum, { begin, end }) => sum + end - begin + 1, 0);
  return size(normalizeRanges(range)) === size(range)
    ? undefined
    : 'Invalid ranges resource: overlapping ranges';
}

function findSetProblem({ scalar, ranges, set }: Resource): string | undefined {
  if (scalar !== undefined || ranges !== undefined || set === undefined) return 'Invalid set resource';
  const items = set.item ?? [];
  return new Set(items).size === items.length ? undefined : 'Invalid set resource: duplicated elements';
}

function findValueProblem(resource: Resource): string | undefined {
  switch (resource.type) {
    case 'SCALAR':
      return findScalarProblem(resource);
    case 'RANGES':
      return findRangesProblem(resource);
    case 'SET':
      return findSetProblem(resource);
    default:
      return 'Unsupported resource type';
  }
}

function findSourceProblem({ source }: DiskInfo): string | undefined {
  if (source?.type === 'PATH' && source.mount !== undefined)
    return 'Mount should not be set for PATH disk source';
  if (source?.type === 'MOUNT' && source.path !== undefined)
    return 'Path should not be set for MOUNT disk source';
  return undefined;
}

function findReservationProblem(entry: Partial<Reservation>): string | undefined {
  if (entry.type === undefined)
    return "Invalid reservation: 'Resource.ReservationInfo.type' field must be set.";
  if (entry.role === undefined)
    return "Invalid reservation: 'Resource.ReservationInfo.role' field must be set.";
  if (entry.role === '*') return 'Invalid reservation: role "*" cannot be reserved';
  return findRoleProblem(entry.role);
}

function findRefinementProblem(reservations: readonly Reservation[]): string | undefined {
  for (let index = 1; index < reservations.length; index += 1) {
    const [outer, inner] = [reservations[index - 1] as Reservation, reservations[index] as Reservation];
    if (inner.type === 'STATIC') return 'Invalid refined reservation: A refined reservation cannot be STATIC';
    if (!inner.role.startsWith(`${outer.role}/`))
      return `Invalid refined reservation: role '${inner.role}' is not a refinement of '${outer.role}'`;
  }
  return undefined;
}

export function findResourceProblem(resource: Resource): string | undefined {
  const { name, disk, reservations = [] } = resource;
  if (name === '') return 'Empty resource name';
  const value = findValueProblem(resource);
  if (value !== undefined) return value;
  if (disk !== undefined && name !== 'disk') return `DiskInfo should not be set for ${name} resource`;
  const source = disk && findSourceProblem(disk);
  return (
    source ?? reservations.map(findReservationProblem).find(Boolean) ?? findRefinementProblem(reservations)
  );
}

function findVolumeProblem(resource: Resource): string | undefined {
  const { disk } = resource;
  if (disk?.persistence === undefined) {
    if (disk?.volume !== undefined) return 'Non-persistent volume not supported';
    return disk !== undefined && disk.source === undefined ? 'DiskInfo is set but empty' : undefined;
  }
  if (!isReserved(resource)) return 'Persistent volumes cannot be created from unreserved resources';
  if (disk.volume === undefined) return "Expecting 'volume' to be set for persistent volume";
  const id = findIdProblem(disk.persistence.id);
  return id === undefined ? undefined : `Invalid persistence ID for persistent volume: ${id}`;
}

/** Problems that a master looks for on top, in whatever uses the resources. */
export function findUseProblem(resources: readonly Resource[]): string | undefined {
  const gpus = resources.filter(({ name }) => name === 'gpus');
  if (gpus.some(({ scalar }) => !Number.isInteger(scalar?.value ?? 0)))
    return "Invalid 'gpus' resource: The 'gpus' resource must be an unsigned integer";
  const problem = resources.map(findVolumeProblem).find(Boolean);
  return problem === undefined ? undefined : `Invalid DiskInfo: ${problem}`;
}

/** Persistence ids are unique per role on each agent. */
export function findDuplicateVolume(resources: readonly Resource[]): string | undefined {
  const seen = new Set<string>();
  for (const resource of resources.filter(isPersistentVolume)) {
    const id = resource.disk?.persistence?.id ?? '';
    const key = `${reservationRole(resource)} ${id}`;
    if (seen.has(key)) return `Persistence ID '${id}' is not unique`;
    seen.add(key);
  }
  return undefined;
}
