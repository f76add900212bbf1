import assert from 'node:assert/strict';
import { instanceOf, renderTaskId } from '../../../../../scheduler/core/tasks/task-id.ts';
import { EngineWorld, kindsOf, makeComponent, makeSpec } from '../../../../support/engine-world.ts';

describe('task id', () => {
  it('leads back to its instance, whatever the cluster is called', () => {
    for (const cluster of ['c1', 'eu.west.c1'])
      assert.equal(instanceOf(renderTaskId(cluster, 'worker-12', 'mh3k2x')), 'worker-12');
  });

  it('of somebody else leads nowhere', () => {
    assert.deepEqual(['', 'x', 'a.b'].map(instanceOf), ['', '', 'a']);
  });

  it('is of the instance that has the task, and a former one of the same instance is killed', () => {
    const world = new EngineWorld(makeSpec(makeComponent()));
    world.subscribe();
    world.offer('h1');
    const taskId = world.taskOf('worker-0');
    assert.equal(instanceOf(taskId), 'worker-0');
    assert.deepEqual(kindsOf(world.update(`${taskId}x`, 'TASK_RUNNING')), ['acknowledge', 'kill']);
    assert.equal(world.instance('worker-0').phase, 'launching');
    world.update(taskId, 'TASK_RUNNING');
    assert.equal(world.instance('worker-0').phase, 'ready');
  });

  it('need not name the instance that has it: ids of other schedulers may look different', () => {
    const world = new EngineWorld(makeSpec(makeComponent()));
    world.subscribe();
    world.offer('h1');
    const { task, ...instance } = world.instance('worker-0');
    assert.ok(task);
    const again = new EngineWorld(makeSpec(makeComponent()), [
      { ...instance, task: { ...task, taskId: 'old' } },
    ]);
    again.subscribe();
    again.update('old', 'TASK_RUNNING');
    assert.equal(again.instance('worker-0').phase, 'ready');
  });
});
