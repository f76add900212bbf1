/** Resources as Mesos prints them in messages (`cpus(allocated: web):3.7`) and in its state (`{"cpus":3.7,"ports":"[1-2]"}`). */
import type { Attribute, Range, Resource } from '../../protocol/mesos/resource.ts';
import { sumResources, totalMilli } from '../../protocol/resources.ts';
import { unallocated } from './role-resources.ts';

function renderRanges(ranges: readonly Range[] | undefined): string {
  return `[${(ranges ?? []).map((range) => `${range.begin}-${range.end}`).join(', ')}]`;
}

function renderQuantity(resource: Resource): string {
  if (resource.type === 'RANGES') return renderRanges(resource.ranges?.range);
  if (resource.type === 'SET') return `{${(resource.set?.item ?? []).join(', ')}}`;
  return String(resource.scalar?.value ?? 0);
}

export function renderResources(resources: readonly Resource[]): string {
  const texts = resources.map((resource) => {
    const role = resource.allocation_info?.role;
    return `${resource.name}${role === undefined ? '' : `(allocated: ${role})`}:${renderQuantity(resource)}`;
  });
  return texts.join('; ');
}

/** The four scalars that Mesos always shows, then the rest. */
export function renderResourceTotals(resources: readonly Resource[]): Record<string, number | string> {
  const totals: Record<string, number | string> = { disk: 0, mem: 0, gpus: 0, cpus: 0 };
  for (const resource of sumResources(unallocated(resources))) {
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
