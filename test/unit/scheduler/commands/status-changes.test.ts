import assert from 'node:assert/strict';
import { toStatusReport } from '../../../../scheduler/api/status.ts';
import { listChanges } from '../../../../scheduler/commands/status-changes.ts';
import { EngineWorld, makeComponent, makeSpec } from '../../../support/engine-world.ts';

function reportOf(world: EngineWorld) {
  return toStatusReport(world.state, { pid: 7, startedAtMs: 0 }, world.nowMs);
}

describe('a status that is watched without a terminal', () => {
  it('is told once as a whole, then by what changes', () => {
    const world = new EngineWorld(makeSpec(makeComponent({ count: 2 })));
    world.subscribe();
    const before = reportOf(world);
    assert.equal(listChanges(undefined, before).length, 3);
    assert.deepEqual(listChanges(before, before), []);
    world.offer('h1');
    const after = reportOf(world);
    assert.deepEqual(
      listChanges(before, after).map((line) => line.split(' ').slice(0, 2).join(' ')),
      ['worker-0 launching', 'worker-1 launching'],
    );
    const without = { ...after, instances: after.instances.slice(0, 1) };
    assert.deepEqual(listChanges(after, without), ['worker-1 is gone']);
  });
});
