/** Hosts and rules for tests of placement. */
import type { Attribute } from '../../protocol/mesos/resource.ts';
import { parseConstraints } from '../../scheduler/core/constraints/constraint-parser.ts';
import type { HostFacts } from '../../scheduler/core/constraints/host-facts.ts';
import { NO_RULE, type PlacementRule } from '../../scheduler/core/constraints/placement-rule.ts';

/** A number becomes a SCALAR as Mesos makes one of `gen:3`, a list of pairs RANGES, anything else TEXT. */
export function attribute(
  name: string,
  value: string | number | readonly (readonly [number, number])[],
): Attribute {
  if (typeof value === 'string') return { name, type: 'TEXT', text: { value } };
  if (typeof value === 'number') return { name, type: 'SCALAR', scalar: { value } };
  return { name, type: 'RANGES', ranges: { range: value.map(([begin, end]) => ({ begin, end })) } };
}

export function host(
  hostname: string,
  attributes: Readonly<Record<string, string | number>> = {},
): HostFacts {
  return { hostname, attributes: Object.entries(attributes).map(([name, value]) => attribute(name, value)) };
}

export function rule(constraints: string, changes: Partial<PlacementRule> = {}): PlacementRule {
  return { ...NO_RULE, constraints: parseConstraints(constraints).constraints, ...changes };
}
