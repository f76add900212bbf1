import assert from 'node:assert/strict';
import { makeComponent, makeSpec } from '../../../../support/engine-world.ts';
import { VolumeWorld, makeKeeper, plainResources } from '../../../../support/volume-world.ts';
import { RolloutWorld } from '../rollout/rollout-world.ts';

const INSTANCE = 'worker-0';
const pinned = makeComponent({ pinned: true, uniqueHost: true });

function formatted(world: RolloutWorld): void {
  const labels = { labels: [{ key: 'stevedore.formatted', value: 'journal' }] };
  world.report(INSTANCE, 'TASK_RUNNING', { labels });
}

describe('pause and resume of an instance', () => {
  it('ends its task, launches none, and takes it up again', () => {
    const world = RolloutWorld.start(makeComponent());
    world.order({ kind: 'pause', instance: INSTANCE });
    world.settle();
    world.tick(60_000);
    world.settle();
    assert.equal(world.instance(INSTANCE).phase, 'waiting');
    assert.equal(world.stepOf(INSTANCE).status, 'paused');
    world.order({ kind: 'resume', instance: INSTANCE });
    world.settle();
    assert.equal(world.instance(INSTANCE).phase, 'ready');
  });

  it('holds over a restart of the scheduler', () => {
    const first = RolloutWorld.start(makeComponent());
    first.order({ kind: 'pause', instance: INSTANCE });
    first.settle();
    const world = first.restarted(makeSpec(makeComponent()), 'first');
    world.settle();
    assert.equal(world.instance(INSTANCE).phase, 'waiting');
  });

  it('wants no offers for it', () => {
    const world = RolloutWorld.start(makeComponent());
    world.order({ kind: 'pause', instance: INSTANCE });
    world.report(INSTANCE, 'TASK_KILLED');
    assert.ok(world.tick(60_000).every(({ kind }) => kind !== 'revive'));
    assert.equal(world.state.demand['r']?.suppressed, true);
  });

  it('keeps nobody else waiting in a rollout, and comes back under the new version', () => {
    const worker = (size: string) => makeComponent({ count: 2, settings: { size } });
    const world = RolloutWorld.start(worker('1'));
    world.order({ kind: 'pause', instance: INSTANCE });
    world.settle();
    world.change('second', worker('2'));
    world.run(3);
    assert.deepEqual(world.killed, ['worker-1']);
    world.order({ kind: 'resume', instance: INSTANCE });
    world.settle();
    world.run(3);
    assert.deepEqual(world.killed, ['worker-1']);
    assert.equal(world.plan().phase, 'complete');
  });

  it('is refused where it makes no sense', () => {
    const world = RolloutWorld.start(makeComponent());
    assert.equal(world.refusalOf({ kind: 'pause', instance: 'x' }), 'ERR_INSTANCE_UNKNOWN');
    assert.equal(world.refusalOf({ kind: 'resume', instance: INSTANCE }), 'ERR_INSTANCE_NOT_PAUSED');
    world.order({ kind: 'pause', instance: INSTANCE });
    assert.equal(world.refusalOf({ kind: 'pause', instance: INSTANCE }), 'ERR_INSTANCE_PAUSED');
    assert.equal(world.refusalOf({ kind: 'restart', instance: INSTANCE }), 'ERR_INSTANCE_PAUSED');
  });
});

describe('replacement of an instance', () => {
  it('ends the task first, gives its state up, and takes any other host', () => {
    const world = RolloutWorld.start(pinned);
    formatted(world);
    const effects = world.order({ kind: 'replace', instance: INSTANCE });
    assert.ok(effects.some(({ kind }) => kind === 'kill'));
    assert.equal(world.instance(INSTANCE).hostname, 'h1', 'it may still be in use');
    world.endKilled();
    world.tick(500);
    world.offer('h1');
    assert.equal(world.instance(INSTANCE).phase, 'waiting');
    world.offer('h1', 'h2');
    const { phase, hostname, formatted: kept } = world.instance(INSTANCE);
    assert.deepEqual([phase, hostname, kept], ['launching', 'h2', []]);
  });

  it('may come back to the former host once it was ready elsewhere', () => {
    const world = RolloutWorld.start(makeComponent());
    world.order({ kind: 'replace', instance: INSTANCE });
    world.endKilled();
    world.tick(500);
    world.settle();
    world.tick(500);
    assert.equal(world.instance(INSTANCE).hostname, 'h2');
    world.report(INSTANCE, 'TASK_FAILED');
    world.tick(60_000);
    world.offer('h1');
    assert.equal(world.instance(INSTANCE).phase, 'launching');
  });

  it('does not wait for a host that is out of reach, and kills the old task should it return', () => {
    const world = RolloutWorld.start(pinned);
    const old = world.taskOf(INSTANCE);
    world.report(INSTANCE, 'TASK_UNREACHABLE');
    world.order({ kind: 'replace', instance: INSTANCE });
    world.offer('h2');
    assert.equal(world.instance(INSTANCE).hostname, 'h2');
    const killed = world.update(old, 'TASK_RUNNING').filter(({ kind }) => kind === 'kill');
    assert.equal(killed.length, 1);
  });

  it('waits no longer for a host that gets out of reach before the task has ended', () => {
    const world = RolloutWorld.start(pinned);
    const old = world.taskOf(INSTANCE);
    world.order({ kind: 'replace', instance: INSTANCE });
    world.report(INSTANCE, 'TASK_UNREACHABLE');
    world.tick(500);
    world.tick(500);
    world.offer('h2');
    assert.equal(world.instance(INSTANCE).hostname, 'h2');
    assert.equal(world.update(old, 'TASK_RUNNING').filter(({ kind }) => kind === 'kill').length, 1);
  });

  it('gives the volumes back and makes new ones elsewhere', () => {
    const world = new VolumeWorld(makeKeeper(), { h1: plainResources(), h2: plainResources() });
    world.round();
    world.run('keeper-0');
    const [first = []] = world.volumeIds;
    assert.equal(first.length, 1);
    world.send({ kind: 'operator', action: { kind: 'replace', instance: 'keeper-0' } });
    world.endTask('keeper-0', 'TASK_KILLED');
    world.settle();
    world.run('keeper-0');
    const [left = [], made = []] = world.volumeIds;
    assert.deepEqual([left, made.length, world.problems], [[], 1, []]);
    assert.equal(world.instance('keeper-0').hostname, 'h2');
  });

  it('goes on after the scheduler was killed before the task had ended', () => {
    const first = RolloutWorld.start(pinned);
    first.order({ kind: 'replace', instance: INSTANCE });
    const world = first.restarted(makeSpec(pinned), 'first');
    world.endKilled();
    world.tick(500);
    world.offer('h1', 'h2');
    assert.equal(world.instance(INSTANCE).hostname, 'h2');
  });

  it('is refused where there is no other place', () => {
    const every = RolloutWorld.start(makeComponent({ count: 'every-agent', uniqueHost: true }));
    assert.equal(every.refusalOf({ kind: 'replace', instance: INSTANCE }), 'ERR_REPLACE_EVERY_AGENT');
    const bound = RolloutWorld.start(makeComponent({ hostname: 'h1' }));
    assert.equal(bound.refusalOf({ kind: 'replace', instance: INSTANCE }), 'ERR_REPLACE_FIXED_HOST');
    const fresh = new RolloutWorld(makeSpec(makeComponent()));
    assert.equal(fresh.refusalOf({ kind: 'replace', instance: INSTANCE }), 'ERR_REPLACE_NOWHERE');
  });
});
