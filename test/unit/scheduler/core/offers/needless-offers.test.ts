import assert from 'node:assert/strict';
import type { EngineState } from '../../../../../scheduler/core/engine-state.ts';
import { planOfferConstraints } from '../../../../../scheduler/core/offers/needless-offers.ts';
import type { ComponentSpec } from '../../../../../scheduler/core/service-spec.ts';
import { EngineWorld, makeComponent, makeSpec } from '../../../../support/engine-world.ts';
import { rule } from '../../../../support/placement-facts.ts';

function stateOf(...components: ComponentSpec[]): EngineState {
  const { state } = new EngineWorld(makeSpec(...components));
  return { ...state, settings: { ...state.settings, roles: ['r', 's'] } };
}

const rolesOf = (state: EngineState): string[] =>
  Object.keys(planOfferConstraints(state, 'once')?.role_constraints ?? {});

const onRack = makeComponent({ placement: rule('rack:IS:a') });

describe('needless offers', () => {
  it('are told by role', () => {
    const other = makeComponent({ name: 'other', role: 's', placement: rule('rack:IS:b') });
    const said = planOfferConstraints(stateOf(onRack, other), 'once')?.role_constraints;
    assert.deepEqual(
      [said?.['r'], said?.['s']].map((one) => one?.groups[0]?.attribute_constraints[0]?.predicate),
      [{ text_equals: { value: 'a' } }, { text_equals: { value: 'b' } }],
    );
  });

  it('are none of a role that has a component without a rule, or no component', () => {
    assert.deepEqual(rolesOf(stateOf(onRack)), ['r']);
    assert.deepEqual(rolesOf(stateOf(onRack, makeComponent({ name: 'anywhere' }))), []);
    assert.equal(planOfferConstraints(stateOf(makeComponent()), 'once'), undefined);
  });

  it('are none while something is to be given back, wherever it is, or everything ends', () => {
    const state = stateOf(onRack);
    const released = [{ id: 'i', role: 'r' }] as unknown as NonNullable<EngineState['facts']['released']>;
    assert.deepEqual(rolesOf({ ...state, facts: { ...state.facts, released } }), []);
    assert.deepEqual(rolesOf({ ...state, mode: 'tearing-down' }), []);
  });
});
