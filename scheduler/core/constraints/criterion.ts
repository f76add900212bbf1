/** One constraint, ready to judge hosts: what it needs of a host alone, and what depends on where the others are. */
import { type FieldValue, equalsWritten, matchesWritten, renderFieldValues } from './attribute-value.ts';
import { compilePattern } from './pattern.ts';
import type { Constraint } from './placement-rule.ts';
import { ValueCounts } from './value-counts.ts';

/** Of one component, in one round of offers. */
export interface Criterion {
  readonly constraint: Constraint;
  /** Unset when only the host itself matters. */
  readonly counts?: ValueCounts;
  readonly holds: (values: readonly FieldValue[]) => boolean;
  /** Why it holds or does not, with the numbers. */
  readonly explain: (values: readonly FieldValue[]) => string;
}

function renderOffered({ field }: Constraint, values: readonly FieldValue[]): string {
  return values.length === 0 ? `offered no ${field}` : `offered ${field} ${renderFieldValues(values)}`;
}

function createStatic(constraint: Constraint, isWanted: (value: FieldValue) => boolean): Criterion {
  const { field, operator, value } = constraint;
  const isNegative = operator === 'UNLIKE' || operator === 'IS_NOT';
  return {
    constraint,
    holds: (values) => values.some(isWanted) !== isNegative,
    explain: (values) => `needs ${field} ${operator} ${value ?? ''}, ${renderOffered(constraint, values)}`,
  };
}

/** Agents share few values, so each is matched once. */
function createLike(constraint: Constraint, written: string): Criterion {
  const pattern = compilePattern(written);
  const known = new Map<string, boolean>();
  const matches = (text: string): boolean => {
    const result = known.get(text) ?? pattern.matches(text);
    known.set(text, result);
    return result;
  };
  // Mesos reads `rack:01` as the number 1, so a plain number is compared as one, too.
  const isNumber = (value: FieldValue) => value.number !== undefined && equalsWritten(value, written);
  return createStatic(constraint, (value) => matchesWritten(value, matches) || isNumber(value));
}

/** At most so many of the component on hosts with the same value. */
function createLimit(constraint: Constraint, component: string, limit: number): Criterion {
  const counts = new ValueCounts();
  const { field, operator } = constraint;
  const countOf = (values: readonly FieldValue[]) => Math.max(...values.map(({ text }) => counts.of(text)));
  const explain = (values: readonly FieldValue[]): string => {
    if (values.length === 0) return `needs ${field} for ${operator}, offered no ${field}`;
    return `${field} ${renderFieldValues(values)} has ${countOf(values)} of at most ${limit} ${component}`;
  };
  return { constraint, counts, explain, holds: (values) => values.length > 0 && countOf(values) < limit };
}

/** The first instance decides. */
function createCluster(constraint: Constraint, component: string): Criterion {
  const counts = new ValueCounts();
  const { field } = constraint;
  const explain = (values: readonly FieldValue[]): string => {
    const offered = renderOffered(constraint, values);
    if (counts.groups === 0) return `the first ${component} decides the ${field} of all, ${offered}`;
    return `needs the ${field} of every other ${component} (${counts.values.join(', ')}), ${offered}`;
  };
  const holds = (values: readonly FieldValue[]) =>
    values.some(({ text }) => counts.of(text) === counts.instances);
  return { constraint, counts, explain, holds };
}

/**
 * Marathon's rule: a value that has none yet is always taken; another only when it is one of those with the fewest, and
 * when at least as many values as expected have one.
 */
function createGroupBy(constraint: Constraint, component: string): Criterion {
  const counts = new ValueCounts();
  const { field, value } = constraint;
  const expected = Number(value ?? 0);
  const isOpen = ({ text }: FieldValue): boolean => {
    const count = counts.of(text);
    return count === 0 || (counts.groups >= expected && count === counts.least);
  };
  const explain = (values: readonly FieldValue[]): string => {
    if (values.length === 0) return `GROUP_BY ${field}: offered no ${field}`;
    const own = values.map(({ text }) => `${text} has ${counts.of(text)}`).join(' and ');
    const seen =
      counts.groups < expected ? `, ${counts.groups} of ${expected} groups have a ${component}` : '';
    return `GROUP_BY ${field}: ${own}, least used has ${counts.least}${seen}`;
  };
  return { constraint, counts, explain, holds: (values) => values.some(isOpen) };
}

export function createCriterion(constraint: Constraint, component: string): Criterion {
  const { operator, value = '' } = constraint;
  switch (operator) {
    case 'UNIQUE':
      return createLimit(constraint, component, 1);
    case 'MAX_PER':
      return createLimit(constraint, component, Number(value));
    case 'GROUP_BY':
      return createGroupBy(constraint, component);
    case 'LIKE':
    case 'UNLIKE':
      return createLike(constraint, value);
    case 'CLUSTER':
      return value === ''
        ? createCluster(constraint, component)
        : createStatic(constraint, (offered) => equalsWritten(offered, value));
    case 'IS':
    case 'IS_NOT':
      return createStatic(constraint, (offered) => equalsWritten(offered, value));
  }
}
