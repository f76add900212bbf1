import assert from 'node:assert/strict';
import type { EngineEvent } from '../../../scheduler/core/engine-state.ts';
import { step } from '../../../scheduler/core/engine.ts';
import { EngineLoop, type PerformedStep } from '../../../scheduler/engine-loop.ts';
import { EngineWorld, makeComponent, makeSpec } from '../../support/engine-world.ts';

const TASKS = 300;

function createBench() {
  const world = new EngineWorld(makeSpec(makeComponent({ count: TASKS })));
  world.subscribe();
  world.offer(...Array.from({ length: TASKS }, (_, index) => `h${index}`));
  const writes: number[] = [];
  const seen: PerformedStep[] = [];
  const acknowledgedAfter: number[] = [];
  const loop = new EngineLoop({
    state: world.state,
    step,
    persist: (changes) => {
      // One record is the framework's id.
      writes.push(changes.size - 1);
      return Promise.resolve();
    },
    perform: ({ kind }) => {
      if (kind === 'acknowledge') acknowledgedAfter.push(writes.reduce((sum, size) => sum + size, 0));
    },
    connection: () => undefined,
    confirm: () => Promise.resolve(true),
    observe: (performed) => seen.push(performed),
    onFailure: (error) => assert.fail(String(error)),
    now: () => world.nowMs,
    chance: () => 0.5,
    signal: new AbortController().signal,
  });
  return { world, loop, writes, seen, acknowledgedAfter };
}

function toUpdate(taskId: string): EngineEvent {
  const status = {
    task_id: { value: taskId },
    agent_id: { value: 'A' },
    state: 'TASK_RUNNING' as const,
    uuid: 'u',
  };
  return { kind: 'update', status };
}

describe('engine loop', () => {
  it('stores many events with few writes, in order, and acts on none before it was stored', async () => {
    const { world, loop, writes, seen, acknowledgedAfter } = createBench();
    const tasks = world.state.instances.names().map((name) => world.taskOf(name));
    await Promise.all(tasks.map((taskId) => loop.dispatch(toUpdate(taskId))));
    assert.equal(
      writes.reduce((sum, size) => sum + size, 0),
      TASKS,
    );
    assert.ok(writes.length < 10, `${writes.length} writes`);
    assert.ok(acknowledgedAfter.every((stored, index) => stored > index));
    assert.deepEqual(
      seen.map(({ event }) => event.kind === 'update' && event.status.task_id.value),
      tasks,
    );
    assert.ok(loop.state.instances.list().every(({ phase }) => phase === 'ready'));
  });

  it('keeps only some of them in memory until they are stored', async () => {
    const { world, loop, writes } = createBench();
    const tasks = world.state.instances.names().map((name) => world.taskOf(name));
    await Promise.all(tasks.map((taskId) => loop.dispatch(toUpdate(taskId))));
    assert.ok(Math.max(...writes) <= 128);
  });
});
