/** Resources as Mesos prints them in messages (`cpus(allocated: web):3.7`) and in its state (`{"cpus":3.7,"ports":"[1-2]"}`). */
import type { Attribute, DiskInfo, Range, Reservation, Resource } from '../../protocol/mesos/resource.ts';
import { sumResources, totalMilli } from '../../protocol/resources.ts';
import { withReservations } from '../operations.ts';
import { unallocated } from './role-resources.ts';

function renderRanges(ranges: readonly Range[] | undefined): string {
  return `[${(ranges ?? []).map((range) => `${range.begin}-${range.end}`).join(', ')}]`;
}

function renderQuantity(resource: Resource): string {
  if (resource.type === 'RANGES') return renderRanges(resource.ranges?.range);
  if (resource.type === 'SET') return `{${(resource.set?.item ?? []).join(', ')}}`;
  return String(resource.scalar?.value ?? 0);
}

function renderReservation({ type, role, principal, labels }: Reservation): string {
  const pairs = (labels?.labels ?? []).map(({ key, value }) =>
    value === undefined ? key : `${key}: ${value}`,
  );
  const rest = labels === undefined ? '' : `,{${pairs.join(', ')}}`;
  return `(${type},${role}${principal === undefined ? '' : `,${principal}`}${rest})`;
}

function renderDisk({ source, persistence, volume }: DiskInfo): string {
  const root = source?.path?.root ?? source?.mount?.root;
  const origin = source === undefined ? '' : `${source.type}${root === undefined ? '' : `:${root}`}`;
  const id = [origin, persistence?.id ?? ''].filter(Boolean).join(',');
  return `[${id}${volume === undefined ? '' : `:${volume.container_path}`}]`;
}

function renderResource(resource: Resource): string {
  const { name, allocation_info, reservations = [], disk, revocable, shared } = resource;
  const stack = reservations.map(renderReservation).join(',');
  const parts = [
    allocation_info?.role === undefined ? '' : `(allocated: ${allocation_info.role})`,
    reservations.length === 0 ? '' : `(reservations: [${stack}])`,
    disk === undefined ? '' : renderDisk(disk),
    revocable === undefined ? '' : '{REV}',
    shared === undefined ? '' : '<SHARED>',
  ];
  return `${name}${parts.join('')}:${renderQuantity(resource)}`;
}

export function renderResources(resources: readonly Resource[]): string {
  return resources.map(renderResource).join('; ');
}

function sortFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortFields);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, field]) => [name, sortFields(field)]));
}

/** As Mesos shows lists of resources that it has not read as such: JSON with sorted fields, scalars with a point. */
export function renderResourcesJson(resources: readonly Resource[]): string {
  const text = JSON.stringify(sortFields(resources));
  return text.replace(/"scalar":\{"value":(-?\d+)\}/g, '"scalar":{"value":$1.0}');
}

/** The four scalars that Mesos always shows, then the rest. */
export function renderResourceTotals(resources: readonly Resource[]): Record<string, number | string> {
  const totals: Record<string, number | string> = { disk: 0, mem: 0, gpus: 0, cpus: 0 };
  const plain = unallocated(resources).map((resource) => withReservations(resource, []));
  for (const resource of sumResources(plain)) {
    const text = renderQuantity(resource);
    totals[resource.name] = resource.type === 'SCALAR' ? totalMilli(resources, resource.name) / 1000 : text;
  }
  return totals;
}

export function renderAttributes(attributes: readonly Attribute[]): Record<string, number | string> {
  const values = attributes.map((attribute): [string, number | string] => {
    const ranges = renderRanges(attribute.ranges?.range);
    return [attribute.name, attribute.text?.value ?? attribute.scalar?.value ?? ranges];
  });
  return Object.fromEntries(values);
}
