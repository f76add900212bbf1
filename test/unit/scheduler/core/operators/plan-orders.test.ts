import assert from 'node:assert/strict';
import { makeComponent, makeSpec } from '../../../../support/engine-world.ts';
import { RolloutWorld, describeSpec, makeWorker } from '../rollout/rollout-world.ts';

function namesOf(world: RolloutWorld): string[] {
  return world.state.instances.names().sort();
}

describe('pause and resume of the plan', () => {
  it('halts a rollout between two instances, over a restart of the scheduler too', () => {
    const first = RolloutWorld.start(makeWorker('1'));
    first.change('second', makeWorker('2'));
    first.run(1);
    first.order({ kind: 'pause-plan' });
    assert.equal(first.plan().phase, 'paused');
    const world = first.restarted(makeSpec(makeWorker('2')), 'second');
    world.run(3);
    assert.deepEqual(world.killed, []);
    assert.equal(world.plan().held, 'an operator paused the plan');
    world.order({ kind: 'resume-plan' });
    world.run(3);
    assert.deepEqual(world.killed, ['worker-1', 'worker-2']);
  });

  it('what fails meanwhile is launched again', () => {
    const world = RolloutWorld.start(makeWorker('1'));
    world.order({ kind: 'pause-plan' });
    world.report('worker-0', 'TASK_FAILED');
    world.tick(60_000);
    world.settle();
    assert.equal(world.instance('worker-0').phase, 'ready');
  });

  it('is refused when there is nothing to do', () => {
    const world = RolloutWorld.start(makeWorker('1'));
    assert.equal(world.refusalOf({ kind: 'resume-plan' }), 'ERR_PLAN_NOT_HELD');
    world.order({ kind: 'pause-plan' });
    assert.equal(world.refusalOf({ kind: 'pause-plan' }), 'ERR_PLAN_PAUSED');
  });

  it('of a halted canary: one order goes on, another approves', () => {
    const rule = { strategy: 'canary' } as const;
    const world = RolloutWorld.start(makeWorker('1', { rollout: rule }));
    world.change('second', makeWorker('2', { rollout: rule }));
    world.killsAfter(500);
    world.endKilled();
    world.offer('h1');
    world.report('worker-0', 'TASK_FAILED');
    world.order({ kind: 'resume-plan' });
    world.tick(60_000);
    world.settle();
    world.run(3);
    assert.deepEqual(world.killed, ['worker-0']);
    world.order({ kind: 'resume-plan' });
    world.run(3);
    assert.equal(world.killed.length, 3);
  });
});

describe('restart of a component', () => {
  it('restarts each instance once, one by one, and no other component', () => {
    const world = RolloutWorld.start(makeWorker('1'), makeComponent({ name: 'proxy' }));
    world.tick(1);
    world.order({ kind: 'restart', component: 'worker' });
    assert.deepEqual(world.killsAfter(500), ['worker-0']);
    assert.deepEqual(world.stepOf('worker-1').reasons, ['an operator ordered a restart']);
    world.settle();
    world.run(5);
    assert.deepEqual(world.killed, ['worker-0', 'worker-1', 'worker-2']);
  });

  it('of all components, in their order; it goes on after the scheduler was killed', () => {
    const components = [makeComponent({ after: ['master'] }), makeComponent({ name: 'master' })];
    const first = RolloutWorld.start(...components);
    first.tick(1);
    first.order({ kind: 'restart' });
    const world = first.restarted(makeSpec(...components), 'first');
    world.run(4);
    assert.deepEqual(world.killed, ['master-0', 'worker-0']);
  });

  it('is done once also when the clock of the next scheduler is behind', () => {
    const first = RolloutWorld.start(makeComponent());
    first.tick(900_000);
    first.order({ kind: 'restart', component: 'worker' });
    first.nowMs -= 600_000;
    const world = first.restarted(makeSpec(makeComponent()), 'first');
    world.run(4);
    assert.deepEqual(world.killed, ['worker-0']);
    assert.equal(world.plan().phase, 'complete');
  });

  it('is refused for a component that there is not', () => {
    const world = RolloutWorld.start(makeWorker('1'));
    assert.equal(world.refusalOf({ kind: 'restart', component: 'x' }), 'ERR_COMPONENT_UNKNOWN');
  });
});

describe('scale', () => {
  it('adds instances, and takes the last ones away', () => {
    const world = RolloutWorld.start(makeWorker('1', { count: 2 }));
    world.order({ kind: 'scale', component: 'worker', count: 4 });
    world.settle();
    assert.equal(world.plan().phase, 'complete');
    assert.equal(namesOf(world).length, 4);
    world.order({ kind: 'scale', component: 'worker', count: 1 });
    world.settle();
    assert.deepEqual(namesOf(world), ['worker-0']);
  });

  it('holds over restarts of the scheduler until the configuration says something else', () => {
    const first = RolloutWorld.start(makeWorker('1', { count: 1 }));
    first.order({ kind: 'scale', component: 'worker', count: 3 });
    const second = first.restarted(makeSpec(makeWorker('1', { count: 1 })), 'first');
    assert.equal(namesOf(second).length, 3);
    const third = second.restarted(makeSpec(makeWorker('1', { count: 2 })), 'other');
    third.settle();
    assert.equal(namesOf(third).length, 2);
  });

  it('to the count of the configuration is no override any more', () => {
    const world = RolloutWorld.start(makeWorker('1', { count: 2 }));
    world.order({ kind: 'scale', component: 'worker', count: 3 });
    assert.deepEqual(world.state.facts.scale, { worker: { count: 3, configured: 2 } });
    world.order({ kind: 'scale', component: 'worker', count: 2 });
    assert.equal(world.state.facts.scale, undefined);
  });

  it('brings one back that was still being taken away', () => {
    const world = RolloutWorld.start(makeWorker('1', { count: 2 }));
    world.order({ kind: 'scale', component: 'worker', count: 1 });
    world.order({ kind: 'scale', component: 'worker', count: 2 });
    world.settle();
    assert.equal(world.instance('worker-1').phase, 'ready');
  });

  it('is refused beyond its bounds, and where state would be lost', () => {
    const refusal = (changes: Parameters<typeof makeWorker>[1], count: number) =>
      RolloutWorld.start(makeWorker('1', changes)).refusalOf({ kind: 'scale', component: 'worker', count });
    assert.equal(refusal({ count: 'every-agent' }, 2), 'ERR_SCALE_EVERY_AGENT');
    assert.equal(refusal({}, 1.5), 'ERR_SCALE_COUNT');
    assert.equal(refusal({}, -1), 'ERR_SCALE_COUNT');
    assert.equal(refusal({ count: 1, countBounds: { most: 1 } }, 2), 'ERR_SCALE_COUNT');
    assert.equal(refusal({ pinned: true }, 2), 'ERR_SCALE_STATE');
    assert.equal(refusal({ pinned: true }, 4), undefined);
    assert.equal(refusal({ pinned: true, allowDecommission: true }, 2), undefined);
  });
});

describe('rollback', () => {
  function startBad(): RolloutWorld {
    const world = RolloutWorld.start(makeWorker('1'));
    world.change('second', makeWorker('2'));
    world.killsAfter(500);
    world.endKilled();
    world.offer('h1', 'h2', 'h3');
    world.report('worker-0', 'TASK_FAILED');
    return world;
  }

  it('asks for the configuration before, and rolls it out', () => {
    const world = startBad();
    const effects = world.order({ kind: 'rollback' });
    assert.deepEqual(
      effects.slice(0, 1).map(({ kind }) => kind),
      ['persist'],
    );
    assert.ok(
      effects.some((effect) => effect.kind === 'prepare-configuration' && effect.snapshot === 'first'),
    );
    world.change('first', makeWorker('1'));
    world.tick(60_000);
    world.settle();
    world.run(3);
    assert.equal(world.plan().phase, 'complete');
    assert.deepEqual(world.killed, ['worker-0'], 'the others were never touched');
    const digest = describeSpec(makeSpec(makeWorker('1'))).components['worker']?.digest;
    assert.ok(world.state.instances.list().every(({ task }) => task?.configuration === digest));
  });

  it('is remembered, so that a start does not go forward again; once more leads back', () => {
    const world = startBad();
    world.order({ kind: 'rollback' });
    assert.deepEqual(world.state.facts.rollback, { from: 'second', to: 'first' });
    world.change('first', makeWorker('1'));
    world.order({ kind: 'rollback' });
    assert.deepEqual(world.state.facts.rollback, { from: 'first', to: 'second' });
  });

  it('a third configuration ends it', () => {
    const world = startBad();
    world.order({ kind: 'rollback' });
    world.change('third', makeWorker('3'));
    assert.equal(world.state.facts.rollback, undefined);
  });

  it('that cannot be made ready leaves everything as it is', () => {
    const world = startBad();
    world.order({ kind: 'rollback' });
    const effects = world.send({ kind: 'configuration-failed', problem: 'no such tarball' });
    assert.ok(effects.some((effect) => effect.kind === 'log' && effect.level === 'error'));
    assert.equal(world.state.facts.rollback, undefined);
    assert.equal(world.plan().phase, 'halted');
  });

  it('is refused when there is nothing before', () => {
    assert.equal(RolloutWorld.start(makeWorker('1')).refusalOf({ kind: 'rollback' }), 'ERR_ROLLBACK_NONE');
  });
});

describe('orders during a teardown', () => {
  it('are refused', () => {
    const world = RolloutWorld.start(makeWorker('1'));
    world.order({ kind: 'teardown', graceMs: 9000 });
    assert.equal(world.refusalOf({ kind: 'rollback' }), 'ERR_TEARDOWN_ORDERED');
    assert.equal(world.refusalOf({ kind: 'teardown', graceMs: 1 }), undefined);
  });
});
