import assert from 'node:assert/strict';
import { DEFAULT_TIMING as timing } from '../../../../../scheduler/core/timing.ts';
import { EngineWorld, makeComponent, makeSpec } from '../../../../support/engine-world.ts';

const GRACE_MS = 100_000;

function killing(): EngineWorld {
  const { launch } = makeComponent();
  const patient = makeComponent({ launch: (placed) => ({ ...launch(placed), killGraceMs: GRACE_MS }) });
  const world = new EngineWorld(makeSpec(patient));
  world.subscribe();
  world.offer('h1');
  world.report('worker-0', 'TASK_RUNNING');
  return world;
}

function sent(effects: ReturnType<EngineWorld['tick']>): unknown[] {
  return effects.flatMap((effect): unknown[] => {
    if (effect.kind === 'kill') return [effect.graceMs];
    return effect.kind === 'shutdown' ? ['shutdown'] : [];
  });
}

const restart = { kind: 'operator', action: { kind: 'restart', instance: 'worker-0' } } as const;

describe('kill of a task', () => {
  it('carries the grace of the instance, and a repeat no more than what is left of it', () => {
    const world = killing();
    assert.deepEqual(sent(world.send(restart)), [GRACE_MS]);
    assert.deepEqual(sent(world.tick(timing.killRetryMs)), [GRACE_MS - timing.killRetryMs]);
    world.send({ kind: 'disconnected' });
    world.nowMs += 1000;
    assert.deepEqual(sent(world.subscribe()), [GRACE_MS - timing.killRetryMs - 1000]);
  });

  it('is followed by the end of the executor when the task outlives its grace', () => {
    const world = killing();
    world.send(restart);
    const effects: unknown[] = [];
    for (let ms = 0; ms < GRACE_MS + timing.shutdownMarginMs - 1000; ms += 1000)
      effects.push(...sent(world.tick(1000)));
    assert.ok(!effects.includes('shutdown'));
    assert.deepEqual(sent(world.tick(1000)), ['shutdown']);
    assert.deepEqual(sent(world.tick(timing.killRetryMs - 1)), []);
    assert.deepEqual(sent(world.tick(1)), ['shutdown']);
    world.report('worker-0', 'TASK_FAILED', { reason: 'REASON_EXECUTOR_TERMINATED' });
    assert.deepEqual([world.instance('worker-0').phase, world.instance('worker-0').failures], ['waiting', 0]);
  });

  it('is not sent to an agent that Mesos lost sight of', () => {
    const world = killing();
    world.send(restart);
    world.report('worker-0', 'TASK_UNREACHABLE');
    assert.deepEqual(sent(world.tick(GRACE_MS + timing.shutdownMarginMs)), []);
  });

  it('is sent again when the task is seen again after a partition', () => {
    const world = killing();
    world.send({ kind: 'operator', action: { kind: 'pause', instance: 'worker-0' } });
    world.report('worker-0', 'TASK_UNREACHABLE');
    world.nowMs += 1000;
    assert.deepEqual(sent(world.report('worker-0', 'TASK_RUNNING')), [GRACE_MS - 1000]);
    assert.equal(world.instance('worker-0').phase, 'killing');
  });

  it('is given up when the agent stays away, and the task is killed should it ever return', () => {
    const world = killing();
    const task = world.taskOf('worker-0');
    world.send(restart);
    world.report('worker-0', 'TASK_UNREACHABLE');
    world.tick(timing.unreachableMs - 1);
    assert.equal(world.instance('worker-0').phase, 'killing');
    world.tick(1);
    assert.deepEqual(
      [world.instance('worker-0').phase, world.instance('worker-0').task],
      ['waiting', undefined],
    );
    assert.equal(sent(world.update(task, 'TASK_RUNNING')).length, 1);
  });
});
