import assert from 'node:assert/strict';
import { toFrameworkFacts } from '../../../scheduler/framework-facts.ts';
import { EngineWorld, makeComponent, makeSpec } from '../../support/engine-world.ts';
import { rule } from '../../support/placement-facts.ts';

describe('what Mesos is told of a framework', () => {
  const spec = makeSpec(makeComponent({ placement: rule('rack:IS:a') }));

  it('says which offers are needless only when it is asked to', () => {
    const { state } = new EngineWorld(spec);
    assert.notEqual(toFrameworkFacts(state, { offerConstraints: true }).offerConstraints, undefined);
    for (const options of [{}, { offerConstraints: false }])
      assert.equal('offerConstraints' in toFrameworkFacts(state, options), false);
  });
});
