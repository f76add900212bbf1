import assert from 'node:assert/strict';
import type { ComponentSpec } from '../../../../../scheduler/core/service-spec.ts';
import { makeComponent, makeSpec } from '../../../../support/engine-world.ts';
import { RolloutWorld, STABLE_MS, makeWorker } from './rollout-world.ts';

const master = makeComponent({
  name: 'master',
  pinned: true,
  settings: { journal: 'a' },
  ports: [{ name: 'rpc', preferred: 31_100, required: false, key: 'rpc' }],
});

function withRule(size: string, rollout: NonNullable<ComponentSpec['rollout']>, count = 3): ComponentSpec {
  return makeWorker(size, { rollout, count });
}

function statusesOf(world: RolloutWorld): string[] {
  return world.plan().steps.map(({ status }) => status);
}

describe('rollout of a configuration', () => {
  it('restarts nothing when nothing changed, nor by a change that only later launches need', () => {
    const world = RolloutWorld.start(makeWorker('1'));
    world.change('same', makeWorker('1'));
    world.change('later', makeWorker('1', { hostname: 'h1' }));
    world.run(4);
    assert.deepEqual(world.killed, []);
    assert.equal(world.plan().phase, 'complete');
  });

  it('restarts one by one, the next when the former was ready long enough', () => {
    const world = RolloutWorld.start(makeWorker('1'));
    world.change('second', makeWorker('2'));
    assert.deepEqual(world.killsAfter(500), ['worker-0']);
    assert.deepEqual(world.killsAfter(500), []);
    world.endKilled();
    world.offer('h1', 'h2', 'h3');
    assert.deepEqual(world.killsAfter(60_000), [], 'it starts');
    world.becomeReady();
    assert.deepEqual(world.killsAfter(STABLE_MS - 1), [], 'it may fall again');
    assert.deepEqual(world.killsAfter(1), ['worker-1']);
    world.settle();
    world.run(4);
    assert.deepEqual(world.killed, ['worker-0', 'worker-1', 'worker-2']);
    assert.equal(world.plan().phase, 'complete');
    assert.equal(world.state.facts.rollout, undefined);
  });

  it('launches what is down under the new version at once', () => {
    const world = RolloutWorld.start(makeWorker('1'));
    world.report('worker-2', 'TASK_FAILED');
    world.change('second', makeWorker('2'));
    world.killsAfter(5_000);
    world.settle();
    world.run(4);
    assert.deepEqual(world.killed, ['worker-0', 'worker-1']);
  });

  it('a component waits until those before it are done, and is restarted once for all reasons', () => {
    const worker = (size: string) => makeWorker(size, { after: ['master'], count: 2 });
    const world = RolloutWorld.start(master, worker('1'));
    world.change('second', { ...master, settings: { journal: 'a', heap: '2g' } }, worker('2'));
    assert.deepEqual(world.killsAfter(500), ['master-0']);
    world.endKilled();
    assert.deepEqual(world.killsAfter(STABLE_MS), []);
    world.settle();
    world.run(5);
    assert.deepEqual(world.killed, ['master-0', 'worker-0', 'worker-1']);
  });

  it('parallel restarts so many at a time', () => {
    const rule = { strategy: { parallel: 2 } } as const;
    const world = RolloutWorld.start(withRule('1', rule, 4));
    world.change('second', withRule('2', rule, 4));
    assert.deepEqual(world.killsAfter(500), ['worker-0', 'worker-1']);
    assert.deepEqual(world.killsAfter(500), []);
    world.settle();
    assert.deepEqual(world.killsAfter(STABLE_MS), ['worker-2', 'worker-3']);
  });

  it('a canary goes first, and the others after an operator resumed the plan', () => {
    const rule = { strategy: 'canary' } as const;
    const world = RolloutWorld.start(withRule('1', rule));
    world.change('second', withRule('2', rule));
    world.run(6);
    assert.deepEqual(world.killed, ['worker-0']);
    assert.equal(world.plan().phase, 'waiting');
    assert.deepEqual(statusesOf(world), ['complete', 'blocked', 'blocked']);
    world.order({ kind: 'resume-plan' });
    world.run(4);
    assert.deepEqual(world.killed, ['worker-0', 'worker-1', 'worker-2']);
  });

  it('halts when an instance fails under the new version, and says which', () => {
    const world = RolloutWorld.start(makeWorker('1'));
    world.change('bad', makeWorker('2'));
    world.killsAfter(500);
    world.endKilled();
    world.offer('h1', 'h2', 'h3');
    world.report('worker-0', 'TASK_FAILED', { message: 'exit 3' });
    world.run(12);
    assert.deepEqual(world.killed, ['worker-0']);
    const plan = world.plan();
    assert.equal(plan.phase, 'halted');
    assert.match(plan.held ?? '', /worker-0 failed under the new configuration: exit 3/);
  });

  it('a failure soon after it was ready halts as well', () => {
    const world = RolloutWorld.start(makeWorker('1'));
    world.change('bad', makeWorker('2'));
    world.killsAfter(500);
    world.settle();
    world.tick(STABLE_MS / 2);
    world.report('worker-0', 'TASK_FAILED');
    assert.equal(world.plan().phase, 'halted');
  });

  it('halts when the service cannot render a launch of the new version', () => {
    const world = RolloutWorld.start(makeWorker('1'));
    const launch = () => {
      throw new Error('two masters are needed');
    };
    world.change('bad', makeWorker('2', { launch }));
    world.run(6);
    assert.deepEqual(world.killed, ['worker-0']);
    assert.match(
      world.plan().held ?? '',
      /worker-0 failed under the new configuration: two masters are needed/,
    );
  });

  it('a launch that Mesos dropped or a drained agent is no failure of the version', () => {
    const rule = { strategy: 'serial', maxFailures: 2 } as const;
    const world = RolloutWorld.start(withRule('1', rule));
    world.change('second', withRule('2', rule));
    world.killsAfter(500);
    world.endKilled();
    for (const [state, reason] of [
      ['TASK_FAILED', 'REASON_EXECUTOR_TERMINATED'],
      ['TASK_DROPPED', 'REASON_INVALID_OFFERS'],
      ['TASK_KILLED', 'REASON_AGENT_DRAINING'],
    ] as const) {
      world.tick(60_000);
      world.offer('h1', 'h2', 'h3');
      world.report('worker-0', state, { reason });
    }
    assert.equal(world.plan().phase, 'rolling-out');
    assert.equal(world.state.facts.rollout?.failures.length, 1);
  });

  it('takes as many failures as allowed, and goes on after resume-plan', () => {
    const rule = { strategy: 'serial', maxFailures: 2 } as const;
    const world = RolloutWorld.start(withRule('1', rule));
    world.change('bad', withRule('2', rule));
    world.killsAfter(500);
    for (const phase of ['rolling-out', 'halted']) {
      world.endKilled();
      world.tick(60_000);
      world.offer('h1', 'h2', 'h3');
      world.report('worker-0', 'TASK_FAILED');
      assert.equal(world.plan().phase, phase);
    }
    world.order({ kind: 'resume-plan' });
    world.tick(60_000);
    world.settle();
    world.run(4);
    assert.equal(world.plan().phase, 'complete');
    assert.deepEqual(world.killed, ['worker-0', 'worker-1', 'worker-2']);
  });

  it('is not halted by an instance that failed before it', () => {
    const world = RolloutWorld.start(makeWorker('1', { count: 'every-agent', uniqueHost: true }));
    for (let end = 0; end < 3; end += 1) {
      world.report('worker-1', 'TASK_FAILED');
      world.tick(200_000);
      world.offer('h2');
    }
    world.change('second', makeWorker('2', { count: 'every-agent', uniqueHost: true }));
    assert.ok(world.killsAfter(500).includes('worker-1'), 'it serves nobody and need not wait');
    world.endKilled();
    world.offer('h2');
    world.report('worker-1', 'TASK_FAILED');
    assert.equal(world.plan().phase, 'rolling-out');
  });

  it('never goes on past one that found no place after the rollout had stopped it', () => {
    const world = RolloutWorld.start(makeWorker('1'));
    world.change('huge', makeWorker('2', { resources: { cpusMilli: 64_000, memMiB: 1, diskMiB: 0 } }));
    world.run(1);
    for (let minute = 0; minute < 30; minute += 1) {
      world.killsAfter(60_000);
      world.offer('h1', 'h2', 'h3');
    }
    assert.deepEqual(world.killed, ['worker-0']);
  });

  it('waits two minutes for a host that is away, then goes on', () => {
    const world = RolloutWorld.start(makeWorker('1', { pinned: true, uniqueHost: true }));
    world.report('worker-2', 'TASK_LOST');
    world.change('second', makeWorker('2', { pinned: true, uniqueHost: true }));
    assert.deepEqual(world.killsAfter(60_000), []);
    assert.deepEqual(world.killsAfter(60_000), ['worker-0']);
  });

  it('goes on after the scheduler was killed in the middle', () => {
    const first = RolloutWorld.start(makeWorker('1'));
    first.change('second', makeWorker('2'));
    first.run(1);
    const world = first.restarted(makeSpec(makeWorker('2')), 'second');
    assert.equal(world.plan().phase, 'rolling-out');
    world.run(5);
    assert.deepEqual([...first.killed, ...world.killed], ['worker-0', 'worker-1', 'worker-2']);
    assert.equal(world.plan().phase, 'complete');
  });

  it('a halted rollout stays halted over a restart of the scheduler', () => {
    const first = RolloutWorld.start(makeWorker('1'));
    first.change('bad', makeWorker('2'));
    first.killsAfter(500);
    first.endKilled();
    first.offer('h1');
    first.report('worker-0', 'TASK_FAILED');
    const world = first.restarted(makeSpec(makeWorker('2')), 'bad');
    world.run(4);
    assert.deepEqual(world.killed, []);
  });

  it('the tasks of a scheduler that kept no versions are left alone', () => {
    const world = new RolloutWorld(makeSpec(makeWorker('1')));
    world.subscribe();
    world.settle();
    const after = world.restarted(makeSpec(makeWorker('2')), 'first');
    after.run(4);
    assert.deepEqual(after.killed, []);
  });

  it('moves a task off a port that is required elsewhere now', () => {
    const port = (preferred: number, required: boolean) =>
      makeComponent({ ports: [{ name: 'web', preferred, required, key: 'web.port' }] });
    const elsewhere = RolloutWorld.start(port(40_000, false));
    elsewhere.order({ kind: 'scale', component: 'worker', count: 2 });
    elsewhere.run(2);
    assert.deepEqual(elsewhere.killed, [], 'another is as good when none is required');
    const world = RolloutWorld.start(port(31_200, false));
    world.change('kept', port(31_200, true));
    world.run(2);
    assert.deepEqual(world.killed, [], 'it has that port already');
    world.change('moved', port(31_300, true));
    assert.deepEqual(world.stepOf('worker-0').reasons, ['port web 31200 -> 31300 (web.port)']);
    world.run(2);
    assert.deepEqual(world.instance('worker-0').ports, { web: 31_300 });
  });

  it('tries again what was refused under the former configuration', () => {
    const world = RolloutWorld.start(makeWorker('1'));
    world.report('worker-0', 'TASK_ERROR');
    assert.equal(world.instance('worker-0').phase, 'refused');
    world.change('second', makeWorker('2'));
    assert.equal(world.instance('worker-0').phase, 'waiting');
  });
});
