import assert from 'node:assert/strict';
import { explainWaiting } from '../../../../../scheduler/core/explain.ts';
import { DEFAULT_TIMING as timing } from '../../../../../scheduler/core/timing.ts';
import {
  EngineWorld,
  launchesOf,
  makeComponent,
  makeOffer,
  makeSpec,
} from '../../../../support/engine-world.ts';

function startTwoRoles(): EngineWorld {
  const spec = makeSpec(
    makeComponent({ name: 'master', role: 'a' }),
    makeComponent({ name: 'worker', role: 'b' }),
  );
  const world = new EngineWorld(spec);
  world.state = { ...world.state, settings: { ...world.state.settings, roles: ['a', 'b'] } };
  world.subscribe();
  return world;
}

function offerTo(role: string, host = 'h1') {
  const offer = makeOffer(host);
  const resources = offer.resources?.map((resource) => ({ ...resource, allocation_info: { role } })) ?? [];
  return { ...offer, resources, allocation_info: { role } };
}

function rolesOf(effects: ReturnType<EngineWorld['offer']>, kind: 'suppress' | 'revive'): string[] {
  return effects.flatMap((effect) => (effect.kind === kind ? effect.roles : []));
}

describe('offers by role', () => {
  it('serve components of their own role only', () => {
    const world = startTwoRoles();
    const effects = world.offer(offerTo('a', 'h1'), offerTo('b', 'h2'), offerTo('a', 'h3'));
    assert.deepEqual(
      launchesOf(effects).map(({ placed }) => [placed.instance, placed.agentHostname]),
      [
        ['master-0', 'h1'],
        ['worker-0', 'h2'],
      ],
    );
    for (const { placement } of launchesOf(effects))
      assert.equal(new Set(placement.task.map(({ allocation_info }) => allocation_info?.role)).size, 1);
  });

  it('are suppressed and asked for again role by role', () => {
    const world = startTwoRoles();
    const effects = world.offer(offerTo('a'));
    assert.deepEqual(rolesOf(effects, 'suppress'), ['a']);
    world.report('master-0', 'TASK_STARTING');
    world.report('master-0', 'TASK_RUNNING');
    assert.deepEqual(
      [world.state.demand['a']?.suppressed, world.state.demand['b']?.suppressed],
      [true, false],
    );
    world.nowMs += timing.reviveIntervalMs;
    world.report('master-0', 'TASK_FAILED');
    assert.deepEqual(rolesOf(world.tick(timing.backoffBaseMs), 'revive'), ['a']);
  });

  it('are refused for long where nothing waits, and for seconds where something does', () => {
    const world = startTwoRoles();
    world.offer(offerTo('a'));
    world.report('master-0', 'TASK_STARTING');
    const small = { ...offerTo('b', 'h2'), resources: [] };
    const effects = world.offer(offerTo('a', 'h2'), small);
    const filters = effects.flatMap((effect) => (effect.kind === 'decline' ? [effect.refuseSeconds] : []));
    assert.deepEqual(filters, [3600, 5]);
  });

  it('that never come point to the quota of the role', () => {
    const world = startTwoRoles();
    const explain = (name: string) => explainWaiting(world.state, world.instance(name), world.nowMs) ?? '';
    world.tick(60_000);
    assert.match(explain('worker-0'), /no offer has come yet/);
    world.tick(60_000);
    world.offer({ ...offerTo('a'), resources: [] });
    assert.match(explain('worker-0'), /no offers for role b for 2min 0s: check the quota of the role/);
    assert.doesNotMatch(explain('master-0'), /quota/);
    world.offer({ ...offerTo('b'), resources: [] });
    assert.doesNotMatch(explain('worker-0'), /quota/);
  });
});
