/**
 * The algebra of Mesos resources: add, subtract, contains, take ports. Scalars count in thousandths as integers, as
 * Mesos itself rounds them; two resources combine only if everything but their quantity is the same
 * (docs/attributes-resources.md of Mesos).
 */
import type { Range, Resource } from './mesos/resource.ts';

/** Scalars in thousandths: 0.1 cpu is 100. */
export type Milli = number;

function toMilli(value: number): Milli {
  return Math.round(value * 1000);
}

/** Most resources are unreserved and of the agent itself: text of theirs is many times faster made than JSON. */
function isOrdinary({ reservations, disk, revocable, shared, provider_id }: Resource): boolean {
  const isReserved = reservations !== undefined && reservations.length > 0;
  return !isReserved && (disk ?? revocable ?? shared ?? provider_id) === undefined;
}

/** Whoever wrote it: the order of fields says nothing. */
function identityOfDisk({ disk }: Resource): unknown {
  if (disk === undefined) return null;
  const { persistence, volume, source } = disk;
  const origin = source && [
    source.type,
    source.path?.root ?? source.mount?.root ?? '',
    source.id ?? '',
    source.profile ?? '',
    source.vendor ?? '',
  ];
  return [persistence?.id, persistence?.principal, volume?.mode, volume?.container_path, origin];
}

/** All that must be equal for two resources to combine. */
export function identityOf(resource: Resource): string {
  // No blank is in a type or role, and JSON begins otherwise.
  if (isOrdinary(resource))
    return `${resource.type} ${resource.allocation_info?.role ?? ''} ${resource.name}`;
  return JSON.stringify([
    resource.name,
    resource.type,
    resource.allocation_info?.role ?? '',
    (resource.reservations ?? []).map((entry) => [
      entry.type,
      entry.role,
      entry.principal ?? '',
      [...(entry.labels?.labels ?? [])].map((label) => `${label.key}=${label.value ?? ''}`).sort(),
    ]),
    identityOfDisk(resource),
    resource.revocable !== undefined,
    resource.shared !== undefined,
    resource.provider_id?.value ?? '',
  ]);
}

/** Sorted, disjoint, with neighbours joined. */
export function normalizeRanges(ranges: readonly Range[]): Range[] {
  const sorted = ranges.filter((range) => range.end >= range.begin).sort((a, b) => a.begin - b.begin);
  const joined: { begin: number; end: number }[] = [];
  for (const { begin, end } of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && begin <= last.end + 1) last.end = Math.max(last.end, end);
    else joined.push({ begin, end });
  }
  return joined;
}

function subtractRanges(from: readonly Range[], taken: readonly Range[]): Range[] {
  let rest = normalizeRanges(from);
  for (const hole of normalizeRanges(taken)) {
    rest = rest.flatMap((range) => [
      { begin: range.begin, end: Math.min(range.end, hole.begin - 1) },
      { begin: Math.max(range.begin, hole.end + 1), end: range.end },
    ]);
    rest = rest.filter((range) => range.end >= range.begin);
  }
  return normalizeRanges(rest);
}

function rangesOf(resource: Resource): readonly Range[] {
  return resource.ranges?.range ?? [];
}

function itemsOf(resource: Resource): readonly string[] {
  return resource.set?.item ?? [];
}

/** A resource has the one quantity of its type. */
function withQuantity(shape: Resource, quantity: Pick<Resource, 'scalar' | 'ranges' | 'set'>): Resource {
  return { ...shape, ...quantity };
}

function plus(a: Resource, b: Resource): Resource {
  switch (a.type) {
    case 'SCALAR':
      return withQuantity(a, {
        scalar: { value: (toMilli(a.scalar?.value ?? 0) + toMilli(b.scalar?.value ?? 0)) / 1000 },
      });
    case 'RANGES':
      return withQuantity(a, { ranges: { range: normalizeRanges([...rangesOf(a), ...rangesOf(b)]) } });
    case 'SET':
      return withQuantity(a, { set: { item: [...new Set([...itemsOf(a), ...itemsOf(b)])].sort() } });
  }
}

/** As a sum would be, of one alone. */
function normalize(resource: Resource): Resource {
  const value = resource.scalar?.value ?? 0;
  if (resource.type === 'SCALAR' && toMilli(value) / 1000 === value) return resource;
  return plus(resource, { ...resource, scalar: { value: 0 }, ranges: {}, set: {} });
}

function minus(a: Resource, b: Resource): Resource {
  switch (a.type) {
    case 'SCALAR':
      return withQuantity(a, {
        scalar: { value: (toMilli(a.scalar?.value ?? 0) - toMilli(b.scalar?.value ?? 0)) / 1000 },
      });
    case 'RANGES':
      return withQuantity(a, { ranges: { range: subtractRanges(rangesOf(a), rangesOf(b)) } });
    case 'SET':
      return withQuantity(a, { set: { item: itemsOf(a).filter((item) => !itemsOf(b).includes(item)) } });
  }
}

/** Nothing left: no thousandth, no port, no item. */
function isEmptyResource(resource: Resource): boolean {
  switch (resource.type) {
    case 'SCALAR':
      return toMilli(resource.scalar?.value ?? 0) <= 0;
    case 'RANGES':
      return rangesOf(resource).length === 0;
    case 'SET':
      return itemsOf(resource).length === 0;
  }
}

function covers(a: Resource | undefined, b: Resource): boolean {
  if (isEmptyResource(b)) return true;
  if (a === undefined) return false;
  switch (b.type) {
    case 'SCALAR':
      return toMilli(a.scalar?.value ?? 0) >= toMilli(b.scalar?.value ?? 0);
    case 'RANGES':
      return subtractRanges(rangesOf(b), rangesOf(a)).length === 0;
    case 'SET':
      return itemsOf(b).every((item) => itemsOf(a).includes(item));
  }
}

/** One entry per identity, nothing empty, in order of first appearance. */
export function sumResources(resources: readonly Resource[]): Resource[] {
  const sums = new Map<string, Resource>();
  for (const resource of resources) {
    const identity = identityOf(resource);
    const sum = sums.get(identity);
    sums.set(identity, sum === undefined ? normalize(resource) : plus(sum, resource));
  }
  return [...sums.values()].filter((resource) => !isEmptyResource(resource));
}

export function addResources(a: readonly Resource[], b: readonly Resource[]): Resource[] {
  return sumResources([...a, ...b]);
}

/** True if `b` can be taken out of `a`, identity by identity. */
export function containsResources(a: readonly Resource[], b: readonly Resource[]): boolean {
  const available = new Map(sumResources(a).map((resource) => [identityOf(resource), resource]));
  return sumResources(b).every((resource) => covers(available.get(identityOf(resource)), resource));
}

/** `a` without `b`. Ask `containsResources` first: what `a` lacks is dropped silently. */
export function subtractResources(a: readonly Resource[], b: readonly Resource[]): Resource[] {
  const taken = new Map(sumResources(b).map((resource) => [identityOf(resource), resource]));
  return sumResources(a)
    .map((resource) => {
      const part = taken.get(identityOf(resource));
      return part === undefined ? resource : minus(resource, part);
    })
    .filter((resource) => !isEmptyResource(resource));
}

/** Total of a scalar over all identities, in thousandths. */
export function totalMilli(resources: readonly Resource[], name: string): Milli {
  return resources
    .filter((resource) => resource.name === name && resource.type === 'SCALAR')
    .reduce((sum, resource) => sum + toMilli(resource.scalar?.value ?? 0), 0);
}

/**
 * Takes a scalar from several entries, in their order; the pieces keep the shape of the entry that they come from.
 * Undefined when all of them together hold less.
 */
export function takeScalar(
  resources: readonly Resource[],
  name: string,
  amount: Milli,
): Resource[] | undefined {
  const pieces: Resource[] = [];
  let missing = amount;
  for (const resource of resources) {
    if (missing <= 0) break;
    if (resource.name !== name || resource.type !== 'SCALAR') continue;
    const taken = Math.min(missing, toMilli(resource.scalar?.value ?? 0));
    if (taken > 0) pieces.push(withQuantity(resource, { scalar: { value: taken / 1000 } }));
    missing -= taken;
  }
  return missing <= 0 ? pieces : undefined;
}

/** Takes these ports, each from whichever `ports` entry holds it. Undefined when one is in none. */
export function takePorts(
  resources: readonly Resource[],
  numbers: readonly number[],
): Resource[] | undefined {
  const wanted = new Set(numbers);
  const pieces: Resource[] = [];
  for (const resource of resources) {
    if (resource.name !== 'ports' || resource.type !== 'RANGES') continue;
    const held = [...wanted].filter((port) =>
      rangesOf(resource).some((range) => range.begin <= port && port <= range.end),
    );
    if (held.length === 0) continue;
    for (const port of held) wanted.delete(port);
    const range = normalizeRanges(held.map((port) => ({ begin: port, end: port })));
    pieces.push(withQuantity(resource, { ranges: { range } }));
  }
  return wanted.size === 0 ? pieces : undefined;
}

/** Offered port ranges over all `ports` entries. */
export function offeredPorts(resources: readonly Resource[]): Range[] {
  return normalizeRanges(
    resources.filter((resource) => resource.name === 'ports').flatMap((resource) => [...rangesOf(resource)]),
  );
}
