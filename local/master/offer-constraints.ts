/** `offer_constraints`: agents that a role need not be offered, and what makes Mesos refuse them. */
import type {
  AttributeConstraint,
  AttributePredicate,
  AttributeSelector,
  OfferConstraints,
  RoleConstraints,
} from '../../protocol/mesos/offer-constraints.ts';
import type { AgentInfo } from '../../protocol/mesos/framework.ts';
import type { Attribute } from '../../protocol/mesos/resource.ts';

type Selected = Pick<Attribute, 'type' | 'text'> | undefined;

function pseudoattribute(type: string, agent: AgentInfo): string | undefined {
  const domain = agent.domain?.fault_domain;
  return { HOSTNAME: agent.hostname, REGION: domain?.region.name, ZONE: domain?.zone.name }[type];
}

function select(selector: AttributeSelector, agent: AgentInfo): Selected {
  const { attribute_name, pseudoattribute_type } = selector;
  if (attribute_name !== undefined) return agent.attributes?.find(({ name }) => name === attribute_name);
  const text = pseudoattribute(pseudoattribute_type ?? '', agent);
  return text === undefined ? undefined : { type: 'TEXT', text: { value: text } };
}

/** Of the whole text, as RE2's FullMatch. */
function compile(regex: string): RegExp {
  return new RegExp(`^(?:${regex})$`, 'u');
}

/** What is no TEXT passes every predicate about text: the scheduler must look for itself. */
function holds(predicate: AttributePredicate, selected: Selected): boolean {
  const { exists, not_exists, text_equals, text_not_equals, text_matches, text_not_matches } = predicate;
  if (exists !== undefined) return selected !== undefined;
  if (not_exists !== undefined) return selected === undefined;
  if (selected !== undefined && selected.type !== 'TEXT') return true;
  const text = selected?.text?.value;
  if (text_equals !== undefined) return text === (text_equals.value ?? '');
  if (text_not_equals !== undefined) return text !== (text_not_equals.value ?? '');
  if (text_matches !== undefined) return text !== undefined && compile(text_matches.regex).test(text);
  return text === undefined || !compile(text_not_matches?.regex ?? '').test(text);
}

function isMet({ groups }: RoleConstraints, agent: AgentInfo): boolean {
  return groups.some(({ attribute_constraints }) =>
    attribute_constraints.every(({ selector, predicate }) => holds(predicate, select(selector, agent))),
  );
}

export function isExcluded(
  constraints: OfferConstraints | undefined,
  role: string,
  agent: AgentInfo,
): boolean {
  const ofRole = constraints?.role_constraints?.[role];
  return ofRole !== undefined && !isMet(ofRole, agent);
}

function findRegexProblem(regex: string): string | undefined {
  try {
    compile(regex);
    return undefined;
  } catch (error) {
    const problem = /Unterminated group/.test(String(error)) ? `missing ): ${regex}` : String(error);
    return `Failed to construct regex from pattern '${regex}': ${problem}`;
  }
}

function findConstraintProblem({
  selector = {},
  predicate = {},
}: Partial<AttributeConstraint>): string | undefined {
  const { attribute_name, pseudoattribute_type } = selector;
  if ((attribute_name === undefined) === (pseudoattribute_type === undefined))
    return "Exactly one of 'AttributeConstraint::Selector::name' or 'AttributeConstraint::Selector::pseudoattribute_type' must be set";
  if (Object.keys(predicate).length !== 1) return 'Unknown predicate type';
  const regex = predicate.text_matches?.regex ?? predicate.text_not_matches?.regex;
  return regex === undefined ? undefined : findRegexProblem(regex);
}

function findGroupsProblem(role: string, { groups = [] }: Partial<RoleConstraints>): string | undefined {
  if (groups.length === 0)
    return `'OfferConstraints::role_constraints' has an empty 'RoleConstraints::groups' for role ${role}`;
  // The blank that is missing here is missing in Mesos, too.
  if (groups.some(({ attribute_constraints }) => (attribute_constraints ?? []).length === 0))
    return `'OfferConstraints::RoleConstraints::groups' for role ${role}contains an empty RoleConstraints::Group`;
  const all = groups.flatMap(({ attribute_constraints }) => attribute_constraints);
  const problem = all.map(findConstraintProblem).find(Boolean);
  return problem && `A role ${role} has an invalid 'AttributeConstraint': ${problem}`;
}

/** The text of Mesos' refusal. */
export function findConstraintsProblem(
  constraints: OfferConstraints | undefined,
  roles: readonly string[],
): string | undefined {
  const entries = Object.entries(constraints?.role_constraints ?? {});
  const invalid = entries.map(([role, entry]) => findGroupsProblem(role, entry)).find(Boolean);
  if (invalid !== undefined) return `Offer constraints are not valid: ${invalid}`;
  const strange = entries.find(([role]) => !roles.includes(role));
  return (
    strange &&
    `Offer constraints specify \`role_constraints\` for a role '${strange[0]}'not contained in the set of roles`
  );
}
