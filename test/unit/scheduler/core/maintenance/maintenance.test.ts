/** Hosts that are to be left, seen through the engine. */
import assert from 'node:assert/strict';
import type { Offer, Unavailability } from '../../../../../protocol/mesos/framework.ts';
import type { EngineEffect } from '../../../../../scheduler/core/engine-effects.ts';
import { explainWaiting } from '../../../../../scheduler/core/explain.ts';
import { explainHosts } from '../../../../../scheduler/core/explanation/explain-hosts.ts';
import { judgeAction } from '../../../../../scheduler/core/operators/judge-action.ts';
import { DEFAULT_TIMING as timing } from '../../../../../scheduler/core/timing.ts';
import { restartEngine } from '../../../../support/engine-restart.ts';
import {
  EngineWorld,
  launchesOf,
  makeComponent,
  makeOffer,
  makeSpec,
} from '../../../../support/engine-world.ts';

const LEAD_MS = timing.maintenanceLeadMs;

function windowAt(startMs: number, durationMs = 60_000): Unavailability {
  return { start: { nanoseconds: startMs * 1e6 }, duration: { nanoseconds: durationMs * 1e6 } };
}

function offerWith(hostname: string, unavailability: Unavailability): Offer {
  return { ...makeOffer(hostname), unavailability };
}

function inverseOffer(hostname: string, startMs: number) {
  return {
    id: { value: `I-${hostname}` },
    framework_id: { value: 'F' },
    agent_id: { value: `agent-${hostname}` },
    url: { scheme: 'http', address: { hostname, port: 5051 } },
    unavailability: windowAt(startMs),
  };
}

function killed(effects: readonly EngineEffect[]): string[] {
  return effects.flatMap((effect) => (effect.kind === 'kill' ? [effect.taskId.split('.')[1] ?? ''] : []));
}

function order(world: EngineWorld, kind: 'drain' | 'undrain', hostname: string): readonly EngineEffect[] {
  return world.send({ kind: 'operator', action: { kind, hostname } });
}

/** All instances ready, one on each host. */
function start(component: ReturnType<typeof makeComponent>, hosts: readonly string[]): EngineWorld {
  const world = new EngineWorld(makeSpec(component));
  world.subscribe();
  world.offer(...hosts);
  for (const name of world.state.instances.names()) world.report(name, 'TASK_RUNNING');
  return world;
}

/** The killed instance comes up where the offer is. */
function comeUp(world: EngineWorld, name: string, hostname: string): void {
  world.report(name, 'TASK_KILLED');
  world.offer(hostname);
  world.report(name, 'TASK_RUNNING');
}

describe('engine: drained hosts', () => {
  it('moves instances one at a time, each when the one before is ready', () => {
    const world = new EngineWorld(makeSpec(makeComponent({ count: 2 })));
    world.subscribe();
    world.offer('h1');
    for (const name of ['worker-0', 'worker-1']) world.report(name, 'TASK_RUNNING');
    order(world, 'drain', 'h1');
    assert.deepEqual(killed(world.tick(500)), ['worker-0']);
    assert.deepEqual(killed(world.tick(500)), []);
    world.report('worker-0', 'TASK_KILLED');
    assert.equal(launchesOf(world.offer('h1')).length, 0);
    assert.match(
      explainWaiting(world.state, world.instance('worker-0'), world.nowMs) ?? '',
      /h1: host h1 is drained by an operator/,
    );
    world.offer('h2');
    assert.deepEqual(killed(world.tick(500)), []);
    world.report('worker-0', 'TASK_RUNNING');
    assert.deepEqual(killed(world.tick(500)), ['worker-1']);
    comeUp(world, 'worker-1', 'h2');
    assert.deepEqual(killed(world.tick(500)), []);
    assert.deepEqual(
      [world.instance('worker-0').hostname, world.instance('worker-1').hostname],
      ['h2', 'h2'],
    );
  });

  it('leaves an instance with state where it is, and says why', () => {
    const world = start(makeComponent({ name: 'master', pinned: true }), ['h1']);
    const said = order(world, 'drain', 'h1').find(
      (effect) => effect.kind === 'log' && effect.level === 'warn',
    );
    assert.match(JSON.stringify(said), /master-0: its state lies there/);
    assert.deepEqual(killed(world.tick(500)), []);
    assert.deepEqual(explainHosts(world.state, world.nowMs), [
      {
        hostname: 'h1',
        reason: 'host h1 is drained by an operator',
        staying: ['master-0: its state lies there'],
      },
    ]);
  });

  it('ends one of every agent with its host, and brings it back after', () => {
    const world = start(makeComponent({ count: 'every-agent', uniqueHost: true }), ['h1', 'h2']);
    order(world, 'drain', 'h1');
    assert.deepEqual(killed(world.tick(500)), ['worker-0']);
    world.report('worker-0', 'TASK_KILLED');
    assert.equal(launchesOf(world.offer('h1', 'h2')).length, 0);
    order(world, 'undrain', 'h1');
    assert.equal(launchesOf(world.offer('h1', 'h2'))[0]?.placed.agentHostname, 'h1');
  });

  it('ends one of every agent also while it has no task', () => {
    const world = start(makeComponent({ count: 'every-agent', uniqueHost: true }), ['h1', 'h2']);
    world.report('worker-0', 'TASK_FAILED');
    order(world, 'drain', 'h1');
    assert.deepEqual(killed(world.tick(500)), []);
    assert.deepEqual(world.state.instances.names(), ['worker-1']);
  });

  it('goes on ending one of every agent after the scheduler was killed', () => {
    const world = start(makeComponent({ count: 'every-agent', uniqueHost: true }), ['h1', 'h2']);
    order(world, 'drain', 'h1');
    world.tick(500);
    restartEngine(world);
    world.subscribe();
    world.report('worker-0', 'TASK_KILLED');
    assert.deepEqual(world.state.instances.names(), ['worker-1']);
  });

  it('is offered again soon, so that one of every agent comes back when the host may be used', () => {
    const world = start(makeComponent({ count: 'every-agent', uniqueHost: true }), ['h1']);
    order(world, 'drain', 'h2');
    const filters = world.offer('h1', 'h2').flatMap((effect) => {
      return effect.kind === 'decline' ? [[effect.offerIds.length, effect.refuseSeconds]] : [];
    });
    assert.deepEqual(filters, [
      [1, 3600],
      [1, 60],
    ]);
  });

  it('is remembered by the next scheduler', () => {
    const world = start(makeComponent(), ['h1']);
    order(world, 'drain', 'h1');
    restartEngine(world);
    world.subscribe();
    world.report('worker-0', 'TASK_RUNNING');
    assert.deepEqual(killed(world.tick(500)), ['worker-0']);
  });

  it('only what is drained can be used again', () => {
    const world = start(makeComponent(), ['h1']);
    const judge = () => judgeAction(world.state, { kind: 'undrain', hostname: 'h1' })?.code;
    assert.equal(judge(), 'ERR_HOST_NOT_DRAINED');
    order(world, 'drain', 'h1');
    assert.equal(judge(), undefined);
  });
});

describe('engine: maintenance', () => {
  it('uses no host whose window begins within the lead time, and any other one', () => {
    const world = new EngineWorld(makeSpec(makeComponent()));
    world.subscribe();
    const soon = windowAt(world.nowMs + LEAD_MS - 1000);
    assert.equal(launchesOf(world.offer(offerWith('h1', soon))).length, 0);
    assert.match(
      explainWaiting(world.state, world.instance('worker-0'), world.nowMs) ?? '',
      /host h1 goes into maintenance in 59min 59s/,
    );
    const later = windowAt(world.nowMs + LEAD_MS + 1000);
    assert.equal(launchesOf(world.offer(offerWith('h1', later))).length, 1);
  });

  it('uses a host again when its window is over, or is taken back', () => {
    const world = new EngineWorld(makeSpec(makeComponent({ count: 2 })));
    world.subscribe();
    world.offer(offerWith('h1', windowAt(world.nowMs, 1000)));
    world.nowMs += 2000;
    assert.equal(launchesOf(world.offer(offerWith('h1', windowAt(world.nowMs - 2000, 1000)))).length, 2);
    const other = new EngineWorld(makeSpec(makeComponent()));
    other.subscribe();
    other.offer(offerWith('h1', windowAt(other.nowMs)));
    assert.equal(launchesOf(other.offer('h1')).length, 1);
  });

  it('moves away what can move, before the window, and no faster than readiness allows', () => {
    const world = start(makeComponent({ count: 2 }), ['h1']);
    world.offer(offerWith('h1', windowAt(world.nowMs + 600_000)));
    assert.deepEqual(killed(world.tick(500)), [], 'there is no other host');
    world.offer('h2');
    assert.deepEqual(killed(world.tick(500)), ['worker-0']);
    assert.deepEqual(killed(world.tick(500)), []);
    comeUp(world, 'worker-0', 'h2');
    assert.deepEqual(killed(world.tick(500)), ['worker-1']);
  });

  it('lets a pinned instance come back to its host as long as that makes offers', () => {
    const world = start(makeComponent({ pinned: true }), ['h1']);
    world.report('worker-0', 'TASK_FAILED');
    world.tick(timing.backoffBaseMs);
    assert.equal(launchesOf(world.offer(offerWith('h1', windowAt(world.nowMs + 1000)))).length, 1);
  });

  it('agrees to leave when everything can, and learns the window', () => {
    const world = start(makeComponent({ count: 2 }), ['h1', 'h2']);
    const effects = world.send({
      kind: 'inverse-offers',
      offers: [inverseOffer('h1', world.nowMs + 600_000), inverseOffer('h9', world.nowMs + 600_000)],
    });
    const accepted = effects.find(({ kind }) => kind === 'accept-inverse');
    assert.deepEqual(accepted?.kind === 'accept-inverse' && accepted.inverseOfferIds, ['I-h1', 'I-h9']);
    assert.deepEqual(killed(world.tick(500)), ['worker-0']);
  });

  it('declines for an instance with state, and says why', () => {
    const world = start(makeComponent({ name: 'master', pinned: true }), ['h1']);
    const offers = [inverseOffer('h1', world.nowMs + 600_000)];
    const effects = world.send({ kind: 'inverse-offers', offers });
    assert.ok(effects.some(({ kind }) => kind === 'decline-inverse'));
    assert.match(
      JSON.stringify(effects),
      /cannot leave a host before its maintenance.*master-0: its state lies there/,
    );
    assert.deepEqual(killed(world.tick(500)), []);
  });

  it('declines while no other host is known, and keeps running', () => {
    const world = start(makeComponent(), ['h1']);
    const effects = world.send({
      kind: 'inverse-offers',
      offers: [inverseOffer('h1', world.nowMs + 600_000)],
    });
    assert.ok(effects.some(({ kind }) => kind === 'decline-inverse'));
    assert.match(JSON.stringify(effects), /no other host has made an offer/);
    assert.deepEqual(killed(world.tick(500)), []);
  });

  it('stays when the request is taken back, and forgets windows with the subscription', () => {
    const world = start(makeComponent(), ['h1', 'h2']);
    world.send({ kind: 'inverse-offers', offers: [inverseOffer('h1', world.nowMs + 600_000)] });
    world.send({ kind: 'rescind-inverse-offer', inverseOfferId: 'I-h1' });
    assert.deepEqual(killed(world.tick(500)), []);
    world.send({ kind: 'inverse-offers', offers: [inverseOffer('h1', world.nowMs + 600_000)] });
    world.subscribe();
    assert.deepEqual(killed(world.tick(500)), []);
  });
});
