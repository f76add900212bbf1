/** A teardown that is disturbed: by disconnections, and by schedulers that are killed between any two effects. */
import assert from 'node:assert/strict';
import { explainWaiting } from '../../../../scheduler/core/explain.ts';
import type { EngineEffect } from '../../../../scheduler/core/engine-effects.ts';
import { DEFAULT_TIMING as timing } from '../../../../scheduler/core/timing.ts';
import { restartEngine } from '../../../support/engine-restart.ts';
import { EngineWorld, kindsOf, launchesOf, makeComponent, makeSpec } from '../../../support/engine-world.ts';

const GRACE_MS = 30_000;
const order = { kind: 'operator', action: { kind: 'teardown', graceMs: GRACE_MS } } as const;

function start(count = 2): EngineWorld {
  const world = new EngineWorld(makeSpec(makeComponent({ count })));
  world.subscribe();
  world.offer('h1', 'h2');
  for (const name of world.state.instances.names()) world.report(name, 'TASK_RUNNING');
  return world;
}

function logsOf(effects: readonly EngineEffect[]): string[] {
  return effects.flatMap((effect) => (effect.kind === 'log' ? [effect.text] : []));
}

describe('engine: a teardown that is disturbed', () => {
  it('is stored before the first kill', () => {
    const effects = start().send(order);
    assert.equal(kindsOf(effects)[0], 'persist');
    const [persist] = effects;
    assert.deepEqual(persist?.kind === 'persist' && persist.facts.teardown?.graceMs, GRACE_MS);
  });

  it('goes on under the next scheduler, which launches nothing', () => {
    const world = start();
    world.send(order);
    world.report('worker-0', 'TASK_KILLED');
    restartEngine(world);
    const effects = world.subscribe();
    assert.ok(logsOf(effects).includes('goes on with the teardown'));
    assert.deepEqual(
      kindsOf(effects).filter((kind) => kind === 'kill'),
      ['kill'],
    );
    assert.equal(launchesOf(world.offer('h1', 'h2')).length, 0);
    assert.ok(kindsOf(world.report('worker-1', 'TASK_KILLED')).includes('teardown'));
  });

  it('goes on when the scheduler died before any kill was sent', () => {
    const world = start();
    world.state = { ...world.state, facts: { ...world.state.facts, teardown: { graceMs: GRACE_MS } } };
    restartEngine(world);
    assert.equal(kindsOf(world.subscribe()).filter((kind) => kind === 'kill').length, 2);
    for (const name of ['worker-0', 'worker-1']) world.report(name, 'TASK_KILLED');
    assert.equal(world.state.mode, 'torn-down');
  });

  it('goes on when the scheduler died after its last word', () => {
    const world = start(1);
    world.send(order);
    world.report('worker-0', 'TASK_KILLED');
    restartEngine(world);
    assert.ok(kindsOf(world.subscribe()).includes('teardown'));
  });

  it('waits for a connection, says so, and gives the tasks their whole grace then', () => {
    const world = start();
    world.send({ kind: 'disconnected' });
    const said = logsOf(world.send(order));
    assert.ok(said.includes('the teardown waits for a connection to a Mesos master'));
    assert.deepEqual(
      kindsOf(world.tick(10 * GRACE_MS)).filter((kind) => kind === 'teardown'),
      [],
    );
    const waiting = { ...world.instance('worker-0'), phase: 'waiting' as const };
    assert.equal(
      explainWaiting(world.state, waiting, world.nowMs),
      'not connected to a Mesos master: the teardown waits for it',
    );
    world.subscribe();
    assert.ok(!kindsOf(world.tick(GRACE_MS - 1)).includes('teardown'));
    assert.ok(kindsOf(world.tick(1)).includes('teardown'));
  });

  it('takes nothing back: no order of an operator, no failure, no agent starts the service again', () => {
    const world = start();
    world.send(order);
    world.report('worker-0', 'TASK_FAILED');
    world.report('worker-1', 'TASK_UNREACHABLE');
    world.tick(timing.unreachableMs);
    assert.equal(launchesOf(world.offer('h1', 'h2')).length, 0);
  });

  /** Whatever is left out of an answer or comes twice, and wherever a scheduler dies. */
  for (let seed = 1; seed <= 40; seed += 1)
    it(`ends every task and then the framework, and launches nothing (seed ${seed})`, () => simulate(seed));
});

/** Lehmer's generator. */
function createChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function simulate(seed: number): void {
  const chance = createChance(seed * 7919);
  const world = start(4);
  const alive = new Set(world.state.instances.list().map(({ task }) => task?.taskId ?? ''));
  let isTornDown = false;
  const perform = (effects: readonly EngineEffect[]): void => {
    assert.equal(launchesOf(effects).length, 0, 'nothing is launched');
    for (const effect of effects) {
      // Some calls are lost with their connection.
      if (chance() < 0.3) continue;
      if (effect.kind === 'kill') alive.delete(effect.taskId);
      if (effect.kind === 'teardown') isTornDown = true;
    }
  };
  perform(world.send(order));
  for (let turn = 0; turn < 400 && !isTornDown; turn += 1) {
    if (chance() < 0.1) {
      restartEngine(world);
      perform(world.subscribe());
    }
    if (chance() < 0.1) {
      world.send({ kind: 'disconnected' });
      perform(world.subscribe());
    }
    for (const { name, task } of world.state.instances.list())
      if (task !== undefined && chance() < 0.5)
        perform(world.report(name, alive.has(task.taskId) ? 'TASK_RUNNING' : 'TASK_KILLED'));
    perform(world.offer('h1', 'h2'));
    perform(world.tick(10_000));
  }
  assert.ok(isTornDown, 'the framework is removed in the end');
}
