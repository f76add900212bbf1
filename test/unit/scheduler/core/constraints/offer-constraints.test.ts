import assert from 'node:assert/strict';
import fc from 'fast-check';
import type {
  AttributeConstraint,
  OfferConstraints,
} from '../../../../../protocol/mesos/offer-constraints.ts';
import type { HostFacts } from '../../../../../scheduler/core/constraints/host-facts.ts';
import { toOfferConstraints } from '../../../../../scheduler/core/constraints/offer-constraints.ts';
import { PlacementJudge } from '../../../../../scheduler/core/constraints/placement-judge.ts';
import { attribute, rule } from '../../../../support/placement-facts.ts';

const first = (constraints: string): AttributeConstraint | undefined =>
  toOfferConstraints('r', [rule(constraints)], 'once')?.role_constraints['r']?.groups[0]
    ?.attribute_constraints[0];

/** As Mesos 1.11 reads them (offer_constraints_filter.cpp): undefined stands for what is not there, null for no TEXT. */
function select({ selector }: AttributeConstraint, facts: HostFacts): string | null | undefined {
  if (selector.pseudoattribute_type === 'HOSTNAME') return facts.hostname;
  if (selector.pseudoattribute_type === 'REGION') return facts.region;
  if (selector.pseudoattribute_type === 'ZONE') return facts.zone;
  const found = facts.attributes.find(({ name }) => name === selector.attribute_name);
  return found === undefined ? undefined : (found.text?.value ?? null);
}

function holds(constraint: AttributeConstraint, facts: HostFacts): boolean {
  const value = select(constraint, facts);
  const { exists, text_equals, text_not_equals, text_matches, text_not_matches } = constraint.predicate;
  const isFull = (regex: string) => new RegExp(`^(?:${regex})$`).test(value ?? '');
  if (exists !== undefined) return value !== undefined;
  if (value === null) return true;
  if (text_equals !== undefined) return value === text_equals.value;
  if (text_matches !== undefined) return value !== undefined && isFull(text_matches.regex);
  if (text_not_equals !== undefined) return value !== text_not_equals.value;
  return value === undefined || !isFull(text_not_matches?.regex ?? '');
}

function isOffered(said: OfferConstraints | undefined, facts: HostFacts): boolean {
  if (said === undefined) return true;
  const { groups } = said.role_constraints['r'] ?? { groups: [] };
  return groups.some(({ attribute_constraints }) => attribute_constraints.every((one) => holds(one, facts)));
}

const values = fc.oneof(fc.constantFrom('a1', 'a2', 'b1', ''), fc.constantFrom(1, 2));
const hosts: fc.Arbitrary<HostFacts> = fc
  .tuple(
    fc.constantFrom('h1', 'h2', 'H2'),
    fc.array(fc.tuple(fc.constantFrom('rack', 'disk'), values), { maxLength: 4 }),
    fc.option(fc.constantFrom('z1', 'z2')),
  )
  .map(([hostname, attributes, zone]) => ({
    hostname,
    ...(zone === null ? {} : { region: 'r', zone }),
    attributes: attributes.map(([name, value]) => attribute(name, value)),
  }));
const operators = [
  'IS:a1',
  'IS_NOT:a1',
  'IS:01',
  'LIKE:a.*',
  'UNLIKE:a\\\\d',
  'LIKE:(?!a).*',
  'UNLIKE:.{2}',
  'CLUSTER:a1',
  'CLUSTER',
  'UNIQUE',
  'GROUP_BY:2',
  'IS:z1',
  'LIKE:h.',
];
const constraints = fc
  .array(
    fc.tuple(fc.constantFrom('rack', 'disk', 'hostname', '@zone', '@region'), fc.constantFrom(...operators)),
    {
      maxLength: 3,
    },
  )
  .map((parts) => parts.map(([field, operator]) => `${field}:${operator}`).join(','));
const rules = fc
  .tuple(constraints, fc.subarray(['h2', 'h*1', '10.0.0.1']))
  .map(([text, excludedHosts]) => rule(text, { excludedHosts }));

describe('offer constraints', () => {
  it('keep no offer away that a component could take', () => {
    fc.assert(
      fc.property(fc.array(rules, { minLength: 1, maxLength: 3 }), hosts, (wanted, facts) => {
        const names = facts.attributes.map(({ name }) => name);
        const repeats = new Set(names).size < names.length;
        const said = toOfferConstraints('r', wanted, repeats ? 'repeated' : 'once');
        if (isOffered(said, facts)) return;
        for (const one of wanted)
          for (const arrival of ['new', 'returning'] as const)
            assert.ok(new PlacementJudge(one, 'w', []).judge(facts, arrival).some(({ passes }) => !passes));
      }),
      { numRuns: 3000 },
    );
  });

  it('say what can be said in the words of Mesos', () => {
    assert.deepEqual(first('rack:IS:a'), {
      selector: { attribute_name: 'rack' },
      predicate: { text_equals: { value: 'a' } },
    });
    assert.deepEqual(first('hostname:UNLIKE:h[1-3]'), {
      selector: { pseudoattribute_type: 'HOSTNAME' },
      predicate: { text_not_matches: { regex: 'h[1-3]' } },
    });
    assert.deepEqual(first('@zone:LIKE:z.*')?.predicate, { text_matches: { regex: 'z.*' } });
    assert.deepEqual(first('rack:CLUSTER:a')?.predicate, { text_equals: { value: 'a' } });
  });

  it('ask only for the attribute where RE2 might read the expression otherwise or find it too large', () => {
    for (const regex of ['(?!a).*', 'a{1000}', '\\\\w+', '[^a]', '.*a.*b.*', '(?i)a'])
      assert.deepEqual(first(`rack:LIKE:${regex}`)?.predicate, { exists: {} }, regex);
    assert.equal(first('rack:UNLIKE:(?!a).*'), undefined);
  });

  it('are not sent when a component may run anywhere', () => {
    assert.equal(toOfferConstraints('r', [rule('rack:IS:a'), rule('rack:UNIQUE')], 'once'), undefined);
    assert.equal(toOfferConstraints('r', [], 'once'), undefined);
  });

  it('have one group for components of equal rules', () => {
    const said = toOfferConstraints('r', [rule('rack:IS:a'), rule('rack:IS:a'), rule('rack:IS:b')], 'once');
    assert.equal(said?.role_constraints['r']?.groups.length, 2);
  });
});
