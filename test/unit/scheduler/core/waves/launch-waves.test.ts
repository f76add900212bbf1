import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NO_RULE } from '../../../../../scheduler/core/constraints/placement-rule.ts';
import { explainWaiting } from '../../../../../scheduler/core/explain.ts';
import type { ComponentSpec } from '../../../../../scheduler/core/service-spec.ts';
import { DEFAULT_TIMING as timing } from '../../../../../scheduler/core/timing.ts';
import {
  FIRST_RATE,
  noteFetch,
  noteTimeout,
  toWaveSize,
} from '../../../../../scheduler/core/waves/fetch-rate.ts';
import { restartEngine } from '../../../../support/engine-restart.ts';
import {
  EngineWorld,
  launchesOf,
  makeComponent,
  makeOffer,
  makeSpec,
  scalar,
} from '../../../../support/engine-world.ts';

const MIB = 1024 * 1024;
const BUNDLE = 42 * MIB;

describe('rate of fetches', () => {
  it('lets as many agents fetch at once as have the bundle in time', () => {
    assert.equal(toWaveSize(FIRST_RATE, BUNDLE, timing.fetchMs), 30);
    assert.equal(toWaveSize({ bytesPerSecond: 1 }, BUNDLE, timing.fetchMs), 1);
  });

  it('grows by fetches that show more, and does not shrink by quick ones with few others', () => {
    const quick = { sizeBytes: BUNDLE, durationMs: 2000, together: 1 };
    assert.equal(noteFetch(FIRST_RATE, quick, timing.fetchMs), FIRST_RATE);
    const many = { sizeBytes: BUNDLE, durationMs: 5000, together: 30 };
    assert.ok(noteFetch(FIRST_RATE, many, timing.fetchMs).bytesPerSecond > FIRST_RATE.bytesPerSecond);
  });

  it('shrinks by slow ones, and by half when an agent gave up', () => {
    const slow = { sizeBytes: BUNDLE, durationMs: 40_000, together: 4 };
    assert.ok(noteFetch(FIRST_RATE, slow, timing.fetchMs).bytesPerSecond < FIRST_RATE.bytesPerSecond);
    assert.equal(noteTimeout(FIRST_RATE).bytesPerSecond * 2, FIRST_RATE.bytesPerSecond);
  });

  it('settles where a wave takes the time that it may, on any link', () =>
    fc.assert(
      fc.property(fc.integer({ min: 6, max: 2000 }), (linkMiB) => {
        let rate = FIRST_RATE;
        for (let wave = 0; wave < 60; wave += 1) {
          const together = toWaveSize(rate, BUNDLE, timing.fetchMs);
          const durationMs = (together * BUNDLE * 1000) / (linkMiB * MIB);
          for (let one = 0; one < 3; one += 1)
            rate = noteFetch(rate, { sizeBytes: BUNDLE, durationMs, together }, timing.fetchMs);
        }
        const size = toWaveSize(rate, BUNDLE, timing.fetchMs);
        const takesMs = (size * BUNDLE * 1000) / (linkMiB * MIB);
        return size === 1 || (takesMs <= timing.fetchMs * 1.1 && takesMs >= timing.fetchMs / 4);
      }),
      { seed: 3, numRuns: 100 },
    ));
});

/** Three at once. */
function start(count: number): EngineWorld {
  const world = new EngineWorld(makeSpec(makeComponent({ count, uniqueHost: true })));
  const { settings } = world.state;
  world.state = { ...world.state, settings: { ...settings, bundleBytes: 400 * MIB } };
  world.subscribe();
  return world;
}

const HOSTS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'h7'];

describe('engine: launch waves', () => {
  it('launches no more at first than may fetch at once, and says what the others wait for', () => {
    const world = start(7);
    assert.equal(launchesOf(world.offer(...HOSTS)).length, 3);
    assert.equal(launchesOf(world.offer(...HOSTS)).length, 0);
    const waiting = world.state.instances.list().find(({ phase }) => phase === 'waiting');
    assert.ok(waiting);
    assert.equal(
      explainWaiting(world.state, waiting, world.nowMs),
      'waits for its wave: 3 first launches are under way',
    );
  });

  it('measures with all that fetched at once, not with those that were launched before', () => {
    const world = start(7);
    world.offer(...HOSTS);
    const before = world.state.waves.rate.bytesPerSecond;
    world.nowMs += 18_750;
    for (const name of ['worker-2', 'worker-1', 'worker-0']) world.report(name, 'TASK_STARTING');
    assert.equal(Math.round(world.state.waves.rate.bytesPerSecond), before);
  });

  it('goes on as executors report', () => {
    const world = start(7);
    world.offer(...HOSTS);
    world.nowMs += 19_000;
    world.report('worker-0', 'TASK_STARTING');
    assert.equal(launchesOf(world.offer(...HOSTS)).length, 1);
    world.report('worker-1', 'TASK_FAILED');
    assert.equal(launchesOf(world.offer(...HOSTS.slice(3))).length, 1);
  });

  /** One agent at once; each holds four. */
  function startOnLarge(changes: Partial<ComponentSpec>) {
    const world = new EngineWorld(makeSpec(makeComponent({ count: 9, ...changes })));
    const { settings } = world.state;
    world.state = { ...world.state, settings: { ...settings, bundleBytes: 9000 * MIB } };
    world.subscribe();
    const large = (host: string) => makeOffer(host, [scalar('cpus', 4.4), scalar('mem', 4096)]);
    const hostsOf = (...hosts: string[]) =>
      launchesOf(world.offer(...hosts.map(large))).map(({ placed }) => placed.agentHostname);
    return { world, hostsOf };
  }

  it('an agent that has the bundle waits for no wave, nor one that is fetching it', () => {
    const { world, hostsOf } = startOnLarge({ placement: { ...NO_RULE, strategy: 'pack' } });
    assert.deepEqual(hostsOf('h1', 'h2'), ['h1', 'h1', 'h1', 'h1']);
    for (const name of ['worker-0', 'worker-1', 'worker-2', 'worker-3']) world.report(name, 'TASK_RUNNING');
    assert.equal(hostsOf('h2').length, 4);
    assert.deepEqual(hostsOf('h1', 'h3'), ['h1']);
  });

  it('does not crowd the hosts of the first wave when instances are to be spread', () => {
    const { world, hostsOf } = startOnLarge({ count: 4 });
    assert.deepEqual(hostsOf('h1', 'h2'), ['h1']);
    assert.deepEqual(hostsOf('h1', 'h2'), []);
    world.report('worker-0', 'TASK_RUNNING');
    assert.deepEqual(hostsOf('h1', 'h2'), ['h2']);
    world.report('worker-1', 'TASK_RUNNING');
    assert.deepEqual(hostsOf('h1', 'h2').toSorted(), ['h1', 'h2']);
  });

  it('a new scheduler knows by its tasks who has the bundle, if it is the same', () => {
    const world = start(3);
    world.offer(...HOSTS);
    for (const name of ['worker-0', 'worker-1']) world.report(name, 'TASK_RUNNING');
    restartEngine(world);
    assert.deepEqual(world.state.waves.fetched.names(), ['agent-h1', 'agent-h2']);
    world.state = { ...world.state, settings: { ...world.state.settings, bundleSha256: 'newer' } };
    restartEngine(world);
    assert.deepEqual(world.state.waves.fetched.names(), []);
  });

  it('counts an agent whose task is staging as one that fetches still, also for a new scheduler', () => {
    const world = start(7);
    world.offer(...HOSTS);
    const goOn = () => {
      const reconciled = { reason: 'REASON_RECONCILIATION' };
      for (const name of ['worker-0', 'worker-1', 'worker-2']) world.report(name, 'TASK_STAGING', reconciled);
      assert.equal(launchesOf(world.offer(...HOSTS)).length, 0);
      assert.equal(world.state.waves.fetched.size, 0);
    };
    goOn();
    restartEngine(world);
    world.subscribe();
    goOn();
    world.report('worker-0', 'TASK_STARTING');
    assert.deepEqual(world.state.waves.fetched.names(), ['agent-h1']);
    assert.equal(launchesOf(world.offer(...HOSTS)).length, 1);
    const { bytesPerSecond } = world.state.waves.rate;
    world.report('worker-1', 'TASK_FAILED', { reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT' });
    assert.equal(world.state.waves.rate.bytesPerSecond, bytesPerSecond / 2);
  });

  it('begins with the rate that an operator gave', () => {
    const world = start(7);
    const { settings } = world.state;
    world.state = { ...world.state, settings: { ...settings, firstBytesPerSecond: 40 * MIB } };
    restartEngine(world);
    world.subscribe();
    assert.equal(launchesOf(world.offer(...HOSTS)).length, 2);
  });

  it('waves get smaller when an agent gives up waiting', () => {
    const world = start(7);
    world.offer(...HOSTS);
    const before = world.state.waves.rate.bytesPerSecond;
    world.report('worker-0', 'TASK_FAILED', { reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT' });
    assert.equal(world.state.waves.rate.bytesPerSecond, before / 2);
  });
});
