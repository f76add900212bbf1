import assert from 'node:assert/strict';
import { toStatusReport } from '../../../../../scheduler/api/status.ts';
import { makeComponent } from '../../../../support/engine-world.ts';
import { RolloutWorld, makeWorker } from './rollout-world.ts';

describe('plan', () => {
  it('is complete, with one version, when everything runs as configured', () => {
    const plan = RolloutWorld.start(makeWorker('1')).plan();
    assert.equal(plan.phase, 'complete');
    assert.deepEqual(plan.version, plan.target);
    assert.deepEqual(plan.strategy, { worker: 'serial' });
    assert.deepEqual(plan.steps[0], {
      component: 'worker',
      instance: 'worker-0',
      status: 'complete',
      action: 'none',
      reasons: [],
    });
  });

  it('says key by key why an instance is restarted', () => {
    const resources = { cpusMilli: 500, memMiB: 1024, diskMiB: 0 };
    const settings = { 'worker.size': '1GiB', 'worker.old': 'x' };
    const world = RolloutWorld.start(makeWorker('1', { resources, settings, secretSettings: { key: 'a' } }));
    world.change(
      'second',
      makeWorker('1', {
        resources: { ...resources, memMiB: 2048 },
        settings: { 'worker.size': '2GiB', 'worker.new': 'y' },
        secretSettings: { key: 'b' },
      }),
    );
    const step = world.stepOf('worker-1');
    assert.equal(step.action, 'restart');
    assert.deepEqual([...step.reasons].sort(), [
      'memory 1024 -> 2048 MiB',
      'secret key changed',
      'worker.new set to y',
      'worker.old x -> unset',
      'worker.size 1GiB -> 2GiB',
    ]);
  });

  it('names what a launch has otherwise, when no key of the operator says it', () => {
    const launch = makeComponent().launch;
    const withPath = (path: string) =>
      makeWorker('1', { launch: (placed) => ({ ...launch(placed), environment: { PATH: path } }) });
    const world = RolloutWorld.start(withPath('/bin'));
    world.change('second', withPath('/usr/bin'));
    assert.deepEqual(world.stepOf('worker-0').reasons, ['launch: environment PATH changed']);
  });

  it('tells what comes with the next launch only, and restarts nothing for it', () => {
    const launch = makeComponent().launch;
    const world = RolloutWorld.start(makeWorker('1'));
    const later = makeWorker('1', { launch: (placed) => ({ ...launch(placed), killGraceMs: 10_000 }) });
    world.change('second', later);
    const { status, action, reasons } = world.stepOf('worker-0');
    assert.deepEqual([action, status], ['none', 'complete']);
    assert.deepEqual(reasons, ['from its next launch: kill grace 5 -> 10 s']);
  });

  it('shows each instance on its way', () => {
    const world = RolloutWorld.start(makeWorker('1'));
    world.change('second', makeWorker('2'));
    world.killsAfter(500);
    const rows = () => world.plan().steps.map(({ action, status }) => `${action} ${status}`);
    assert.deepEqual(rows(), ['restart starting', 'restart pending', 'restart pending']);
    world.endKilled();
    assert.deepEqual(rows()[0], 'launch pending');
    world.offer('h1', 'h2');
    assert.deepEqual(rows()[0], 'launch starting');
    world.becomeReady();
    assert.deepEqual(rows()[0], 'none starting');
    // Everything is ready, and yet not all of it is as configured.
    assert.equal(toStatusReport(world.state, { pid: 1, startedAtMs: 0 }, world.nowMs).phase, 'rolling-out');
    const { version, target } = world.plan();
    assert.notEqual(version?.digest, target?.digest);
  });

  it('a failed instance is failed, with its message', () => {
    const world = RolloutWorld.start(makeWorker('1'));
    world.change('bad', makeWorker('2'));
    world.killsAfter(500);
    world.endKilled();
    world.offer('h1');
    world.report('worker-0', 'TASK_FAILED', { message: 'exit 3' });
    const step = world.stepOf('worker-0');
    assert.equal(step.status, 'failed');
    assert.match(step.reasons.join('; '), /failed under the new configuration: exit 3/);
    assert.equal(world.stepOf('worker-1').status, 'blocked');
  });
});

describe('plan of a change that is not applied yet', () => {
  it('tells what would be restarted and taken away, and changes nothing', () => {
    const world = RolloutWorld.start(makeWorker('1'));
    const before = world.state;
    const plan = world.planned(makeWorker('2', { count: 2 }));
    assert.equal(plan.phase, 'rolling-out');
    assert.deepEqual(
      plan.steps.map(({ instance, action, status }) => `${instance} ${action} ${status}`),
      ['worker-0 restart pending', 'worker-1 restart pending', 'worker-2 remove pending'],
    );
    assert.equal(world.state, before);
    world.run(3);
    assert.deepEqual(world.killed, []);
  });

  it('tells why it cannot be made', () => {
    const world = RolloutWorld.start(makeWorker('1', { pinned: true }));
    const plan = world.planned(makeWorker('2', { pinned: true, count: 1 }));
    assert.match(plan.refused?.join() ?? '', /worker cannot shrink from 3 to 1/);
    assert.ok(plan.steps.every(({ action }) => action === 'none'));
  });

  it('the same configuration changes nothing', () => {
    const plan = RolloutWorld.start(makeWorker('1')).planned(makeWorker('1'));
    assert.equal(plan.phase, 'complete');
    assert.ok(plan.steps.every(({ action }) => action === 'none'));
  });
});
