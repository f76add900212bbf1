/**
 * What a master (Mesos 1.11 and later) need not offer, said in its own words. It may say less than the rules, never more:
 * no offer is kept away that the placement judge could accept. So what depends on where other instances run is left out,
 * and so is a regular expression that RE2 might read differently or find too large.
 */
import type {
  AttributeConstraint,
  AttributePredicate,
  AttributeSelector,
  OfferConstraints,
} from '../../../protocol/mesos/offer-constraints.ts';
import { HOSTNAME_FIELD, REGION_FIELD, ZONE_FIELD } from './attribute-value.ts';
import type { Constraint, PlacementRule } from './placement-rule.ts';

/** Masters look at the first attribute of a name only, the judge at all: where names repeat, values cannot be said. */
export type AttributeNames = 'once' | 'repeated';

const PSEUDO_ATTRIBUTES: Readonly<Record<string, AttributeSelector['pseudoattribute_type']>> = {
  [HOSTNAME_FIELD]: 'HOSTNAME',
  [REGION_FIELD]: 'REGION',
  [ZONE_FIELD]: 'ZONE',
};

/** The part of both syntaxes that means the same, piece by piece. */
const COMMON = /\.|\(\?:|\((?!\?)|[)|*+?]|\[(?:[A-Za-z\d]-[A-Za-z\d]|[\w.])+\]|\\[.\-/]|\\d|[\w\-/:@]/y;
/** Masters refuse the whole subscription when a program is too large; theirs has room for about 35 instructions. */
const MAX_INSTRUCTIONS = 24;
/** Any character takes several instructions, since RE2 reads bytes. */
const ANY_CHARACTER_INSTRUCTIONS = 12;

function isSayable(regex: string): boolean {
  COMMON.lastIndex = 0;
  let instructions = 0;
  while (COMMON.lastIndex < regex.length) {
    const piece = COMMON.exec(regex)?.[0];
    if (piece === undefined) return false;
    instructions += piece === '.' ? ANY_CHARACTER_INSTRUCTIONS : 1;
  }
  return instructions <= MAX_INSTRUCTIONS;
}

/** Undefined: any host might do. */
function toPredicate({ operator, value }: Constraint): AttributePredicate | undefined {
  switch (operator) {
    case 'IS':
      return { text_equals: { value: value ?? '' } };
    case 'IS_NOT':
      return { text_not_equals: { value: value ?? '' } };
    case 'LIKE':
      return isSayable(value ?? '') ? { text_matches: { regex: value ?? '' } } : { exists: {} };
    case 'UNLIKE':
      return isSayable(value ?? '') ? { text_not_matches: { regex: value ?? '' } } : undefined;
    case 'CLUSTER':
      return value === undefined ? undefined : { text_equals: { value } };
    case 'UNIQUE':
    case 'GROUP_BY':
    case 'MAX_PER':
      return undefined;
  }
}

function toAttributeConstraint(constraint: Constraint, names: AttributeNames): AttributeConstraint[] {
  const predicate = toPredicate(constraint);
  if (predicate === undefined) return [];
  const pseudoAttribute = PSEUDO_ATTRIBUTES[constraint.field];
  if (pseudoAttribute !== undefined)
    return [{ selector: { pseudoattribute_type: pseudoAttribute }, predicate }];
  const isPositive = predicate.text_equals !== undefined || predicate.text_matches !== undefined;
  const said = isPositive && names === 'repeated' ? { exists: {} } : predicate;
  return [{ selector: { attribute_name: constraint.field }, predicate: said }];
}

function toExclusion(host: string): AttributeConstraint[] {
  if (host.includes('*')) return [];
  return [
    { selector: { pseudoattribute_type: 'HOSTNAME' }, predicate: { text_not_equals: { value: host } } },
  ];
}

function toGroup(
  { constraints, excludedHosts }: PlacementRule,
  names: AttributeNames,
): AttributeConstraint[] {
  return [
    ...constraints.flatMap((constraint) => toAttributeConstraint(constraint, names)),
    ...excludedHosts.flatMap(toExclusion),
  ];
}

/** One group per component, of which one is enough. Undefined when any component may take any offer. */
export function toOfferConstraints(
  role: string,
  rules: readonly PlacementRule[],
  names: AttributeNames,
): OfferConstraints | undefined {
  const groups = rules.map((rule) => toGroup(rule, names));
  if (groups.length === 0 || groups.some((group) => group.length === 0)) return undefined;
  const distinct = new Map(groups.map((group) => [JSON.stringify(group), group]));
  const role_constraints = {
    groups: [...distinct.values()].map((group) => ({ attribute_constraints: group })),
  };
  return { role_constraints: { [role]: role_constraints } };
}
