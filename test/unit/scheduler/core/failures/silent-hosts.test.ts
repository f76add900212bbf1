/** Instances of every-agent components whose host offers nothing any more. */
import assert from 'node:assert/strict';
import { DEFAULT_TIMING as timing } from '../../../../../scheduler/core/timing.ts';
import { restartEngine } from '../../../../support/engine-restart.ts';
import { EngineWorld, makeComponent, makeSpec } from '../../../../support/engine-world.ts';
import { VolumeWorld, makeKeeper, plainResources } from '../../../../support/volume-world.ts';

/** One is ready on h1. */
function start(): EngineWorld {
  const world = new EngineWorld(makeSpec(makeComponent({ count: 'every-agent', uniqueHost: true })));
  world.subscribe();
  world.offer('h1');
  world.report('worker-0', 'TASK_RUNNING');
  return world;
}

describe('engine: hosts that are silent', () => {
  it('lose their instance also when its agent was never seen to end', () => {
    const world = start();
    const task = world.taskOf('worker-0');
    world.report('worker-0', 'TASK_UNREACHABLE');
    world.tick(timing.retireMs - 1);
    assert.ok(world.state.instances.has('worker-0'));
    world.tick(1);
    assert.deepEqual(world.state.instances.names(), []);
    const kills = world.update(task, 'TASK_RUNNING').filter(({ kind }) => kind === 'kill');
    assert.equal(kills.length, 1, 'it came back after all');
  });

  it('have as long to speak after a start and after a subscription as before', () => {
    const world = start();
    world.report('worker-0', 'TASK_GONE');
    world.nowMs += timing.retireMs * 2;
    restartEngine(world);
    world.subscribe();
    world.tick(timing.retireMs - 1);
    assert.ok(world.state.instances.has('worker-0'));
    world.send({ kind: 'disconnected' });
    world.nowMs += timing.retireMs;
    world.subscribe();
    world.tick(timing.retireMs - 1);
    assert.ok(world.state.instances.has('worker-0'));
    world.tick(1);
    assert.deepEqual(world.state.instances.names(), []);
  });

  it('keep an instance that an operator paused', () => {
    const world = start();
    world.send({ kind: 'operator', action: { kind: 'pause', instance: 'worker-0' } });
    world.report('worker-0', 'TASK_KILLED');
    world.tick(timing.retireMs * 2);
    assert.ok(world.state.instances.has('worker-0'));
  });

  it('keep the volume of their instance', () => {
    const world = new VolumeWorld(makeKeeper({ count: 'every-agent' }), { h1: plainResources() });
    world.round();
    world.run('keeper-0');
    world.endTask('keeper-0', 'TASK_LOST');
    world.tick(timing.retireMs * 2);
    assert.equal(world.state.facts.released, undefined);
    world.settle();
    world.run('keeper-0');
    assert.deepEqual([world.volumeIds.flat().length, world.problems], [1, []]);
  });
});
