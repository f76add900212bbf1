/** The values that a host has for a field of a constraint, in every form in which an operator may have written them. */
import type { Attribute, Range } from '../../../protocol/mesos/resource.ts';
import type { HostFacts } from './host-facts.ts';

export interface FieldValue {
  /** As Mesos writes it, `a1`, `1`, `[1-4]`, `{a,b}`: what instances are counted by. */
  readonly text: string;
  /** Mesos reads `rack:01` as the number 1. */
  readonly number?: number;
  readonly ranges?: readonly Range[];
  readonly items?: readonly string[];
}

export const HOSTNAME_FIELD = '@hostname';
export const REGION_FIELD = '@region';
export const ZONE_FIELD = '@zone';

function toFieldValue(attribute: Attribute): FieldValue {
  switch (attribute.type) {
    case 'SCALAR': {
      const number = attribute.scalar?.value ?? 0;
      return { text: String(Math.round(number * 1000) / 1000), number };
    }
    case 'RANGES': {
      const ranges = (attribute.ranges?.range ?? []).toSorted((a, b) => a.begin - b.begin);
      return { text: `[${ranges.map(({ begin, end }) => `${begin}-${end}`).join(',')}]`, ranges };
    }
    case 'SET': {
      const items = (attribute.set?.item ?? []).toSorted();
      return { text: `{${items.join(',')}}`, items };
    }
    case 'TEXT':
      return { text: attribute.text?.value ?? '' };
  }
}

function toTexts(text: string | undefined): FieldValue[] {
  return text === undefined ? [] : [{ text }];
}

/** Several when the agent has several attributes of that name; none when it has none. */
export function listFieldValues(facts: HostFacts, field: string): FieldValue[] {
  if (field === HOSTNAME_FIELD) return toTexts(facts.hostname);
  if (field === REGION_FIELD) return toTexts(facts.region);
  if (field === ZONE_FIELD) return toTexts(facts.zone);
  return facts.attributes.filter(({ name }) => name === field).map(toFieldValue);
}

/** To the thousandth, as Mesos itself compares scalars. */
function isSameNumber(a: number, written: string): boolean {
  return /^[+-]?\d+(?:\.\d*)?$/.test(written) && Math.round(a * 1000) === Math.round(Number(written) * 1000);
}

/** As text, as a number, as a member of a set, or within the ranges. */
export function equalsWritten({ text, number, ranges, items }: FieldValue, written: string): boolean {
  if (text === written) return true;
  if (number !== undefined) return isSameNumber(number, written);
  if (items !== undefined) return items.includes(written);
  const within = /^\d+$/.test(written) ? Number(written) : Number.NaN;
  return ranges?.some(({ begin, end }) => begin <= within && within <= end) ?? false;
}

/** A pattern sees the whole text, and each member of a set. */
export function matchesWritten(value: FieldValue, matches: (text: string) => boolean): boolean {
  return matches(value.text) || (value.items?.some(matches) ?? false);
}

export function renderFieldValues(values: readonly FieldValue[]): string {
  return values.map(({ text }) => text).join(' and ');
}
