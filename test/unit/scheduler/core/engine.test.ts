import assert from 'node:assert/strict';
import { DEFAULT_TIMING as timing } from '../../../../scheduler/core/timing.ts';
import { explainWaiting } from '../../../../scheduler/core/explain.ts';
import {
  EngineWorld,
  kindsOf,
  launchesOf,
  makeComponent,
  makeOffer,
  makeSpec,
  portRanges,
  scalar,
} from '../../../support/engine-world.ts';

const master = makeComponent({
  name: 'master',
  taskName: 'Master',
  pinned: true,
  ports: [{ name: 'rpc', preferred: 31_100, required: false, key: 'rpc' }],
});
const worker = makeComponent({ count: 'every-agent', uniqueHost: true, after: ['master'] });

function startMaster(...components: Parameters<typeof makeSpec>): EngineWorld {
  const world = new EngineWorld(makeSpec(master, ...components));
  world.subscribe();
  world.offer('h1');
  world.report('master-0', 'TASK_STARTING');
  world.report('master-0', 'TASK_RUNNING');
  return world;
}

function filterOf(effects: ReturnType<EngineWorld['offer']>): number | undefined {
  const effect = effects.find(({ kind }) => kind === 'decline' || kind === 'accept');
  return effect?.kind === 'decline' || effect?.kind === 'accept' ? effect.refuseSeconds : undefined;
}

describe('engine: placement', () => {
  it('stores the intent before it accepts, under the id that it launches', () => {
    const world = new EngineWorld(makeSpec(master));
    world.subscribe();
    const effects = world.offer('h1');
    assert.deepEqual(kindsOf(effects).slice(0, 2), ['persist', 'accept']);
    const persist = effects.find((effect) => effect.kind === 'persist');
    const stored = persist?.kind === 'persist' ? persist.changed[0]?.task?.taskId : undefined;
    assert.equal(launchesOf(effects)[0]?.placed.taskId, stored);
    assert.match(stored ?? '', /^c1\.master-0\.[0-9a-z]+$/);
  });

  it('answers every offer of a batch in the same step', () => {
    const world = new EngineWorld(makeSpec(makeComponent({ count: 2 })));
    world.subscribe();
    const offers = [makeOffer('h1'), makeOffer('h2'), makeOffer('h3')];
    const effects = world.offer(...offers);
    const answered = effects.flatMap((effect) => {
      if (effect.kind === 'accept') return [effect.offerId];
      return effect.kind === 'decline' ? effect.offerIds : [];
    });
    assert.deepEqual(answered.sort(), offers.map(({ id }) => id.value).sort());
  });

  it('puts several tasks on one offer, and never more than it holds', () => {
    const world = new EngineWorld(makeSpec(makeComponent({ count: 5 })));
    world.subscribe();
    const effects = world.offer(makeOffer('h1', [scalar('cpus', 3.4), scalar('mem', 9000)]));
    assert.equal(launchesOf(effects).length, 3);
    assert.equal(effects.filter(({ kind }) => kind === 'accept').length, 1);
  });

  it('explains every instance that finds no place, also when an earlier one was refused the same offer', () => {
    const world = new EngineWorld(makeSpec(makeComponent({ count: 3 })));
    world.subscribe();
    world.offer(makeOffer('h1', [scalar('cpus', 1.1), scalar('mem', 4096)]));
    const explained = [1, 2].map((index) =>
      explainWaiting(world.state, world.instance(`worker-${index}`), world.nowMs),
    );
    const reason = 'no offer fits: h1: needs 1.1 cpus (0.1 of them for the executor), offered 0';
    assert.deepEqual(explained, [reason, reason]);
  });

  it('spreads instances over hosts', () => {
    const world = new EngineWorld(makeSpec(makeComponent({ count: 2 })));
    world.subscribe();
    const hosts = launchesOf(world.offer('h1', 'h2')).map(({ placed }) => placed.agentHostname);
    assert.deepEqual(hosts, ['h1', 'h2']);
  });

  it('starts workers when the master is ready, with its address', () => {
    const world = new EngineWorld(makeSpec(master, worker));
    world.subscribe();
    assert.deepEqual(
      launchesOf(world.offer('h1', 'h2')).map(({ placed }) => placed.instance),
      ['master-0'],
    );
    assert.equal(launchesOf(world.offer('h2')).length, 0);
    world.nowMs += timing.reviveIntervalMs;
    assert.ok(kindsOf(world.report('master-0', 'TASK_RUNNING')).includes('revive'));
    const launches = launchesOf(world.offer('h1', 'h2'));
    assert.deepEqual(
      launches.map(({ placed }) => [placed.instance, placed.agentHostname]),
      [
        ['worker-0', 'h1'],
        ['worker-1', 'h2'],
      ],
    );
    assert.deepEqual(launches[0]?.placed.peers.master, [
      { instance: 'master-0', host: 'h1', ports: { rpc: 31_100 } },
    ]);
  });

  it('every-agent: no second one on a host, and the failed one comes back where it was', () => {
    const world = startMaster(worker);
    world.offer('h1', 'h2');
    assert.equal(launchesOf(world.offer('h1', 'h2')).length, 0);
    world.report('worker-1', 'TASK_FAILED');
    world.tick(timing.backoffBaseMs);
    assert.deepEqual(
      launchesOf(world.offer('h3', 'h2')).map(({ placed }) => [placed.instance, placed.agentHostname]),
      [
        ['worker-1', 'h2'],
        ['worker-2', 'h3'],
      ],
    );
  });

  it('gives up a worker whose host has been silent for long', () => {
    const world = startMaster(worker);
    world.offer('h1', 'h2');
    world.report('worker-1', 'TASK_GONE');
    world.tick(timing.retireMs - 1);
    assert.ok(world.state.instances.has('worker-1'));
    const effects = world.tick(timing.retireMs);
    const persist = effects.find((effect) => effect.kind === 'persist');
    assert.deepEqual(persist?.kind === 'persist' && persist.removed, ['worker-1']);
  });

  it('brings a pinned instance back to its host and port only', () => {
    const world = startMaster();
    world.report('master-0', 'TASK_FAILED', { message: 'disk full' });
    world.tick(timing.backoffBaseMs);
    assert.equal(launchesOf(world.offer('h2')).length, 0);
    assert.match(
      explainWaiting(world.state, world.instance('master-0'), world.nowMs) ?? '',
      /no offer fits: h2: needs host h1 \(its state lies there\), offered h2/,
    );
    const ports = portRanges([31_000, 31_200]);
    const launches = launchesOf(
      world.offer(makeOffer('h1', [scalar('cpus', 4), scalar('mem', 4096), ports])),
    );
    assert.deepEqual(launches[0]?.placed.ports, { rpc: 31_100 });
  });

  it('leaves a pinned instance its host while it is away', () => {
    const world = new EngineWorld(makeSpec(makeComponent({ count: 2, pinned: true, uniqueHost: true })));
    world.subscribe();
    world.offer('h1');
    world.report('worker-0', 'TASK_FAILED');
    assert.equal(launchesOf(world.offer('h1')).length, 0);
    world.tick(timing.backoffBaseMs);
    assert.deepEqual(
      launchesOf(world.offer('h1', 'h2')).map(({ placed }) => [placed.instance, placed.agentHostname]),
      [
        ['worker-0', 'h1'],
        ['worker-1', 'h2'],
      ],
    );
  });

  it('restarts dependents one by one when the address that they know has changed', () => {
    const world = startMaster(worker);
    world.offer('h1', 'h2');
    for (const name of ['worker-0', 'worker-1']) world.report(name, 'TASK_RUNNING');
    assert.deepEqual(kindsOf(world.tick(500)), []);
    world.report('master-0', 'TASK_FAILED');
    world.tick(timing.backoffBaseMs);
    const moved = [scalar('cpus', 4), scalar('mem', 4096), portRanges([32_000, 32_010])];
    world.offer(makeOffer('h1', moved));
    world.report('master-0', 'TASK_RUNNING');
    const killed = (afterMs = 500) => world.tick(afterMs).filter(({ kind }) => kind === 'kill').length;
    assert.equal(killed(), 0, 'it may fall again');
    assert.equal(killed(10_000), 1);
    assert.equal(killed(), 0);
    world.report('worker-0', 'TASK_KILLED');
    assert.equal(killed(), 0);
    world.offer('h1');
    world.report('worker-0', 'TASK_RUNNING');
    assert.equal(killed(), 0);
    assert.equal(killed(10_000), 1);
  });

  it('a launch that the service cannot render is refused with its reason, once', () => {
    const broken = makeComponent({
      launch: () => {
        throw new Error('no journal folder');
      },
    });
    const world = new EngineWorld(makeSpec(broken));
    world.subscribe();
    assert.deepEqual(kindsOf(world.offer('h1')), ['persist', 'decline', 'suppress']);
    assert.match(
      explainWaiting(world.state, world.instance('worker-0'), world.nowMs) ?? '',
      /no journal folder/,
    );
  });
});

describe('engine: task updates', () => {
  it('acknowledges after it has persisted', () => {
    const world = new EngineWorld(makeSpec(master));
    world.subscribe();
    world.offer('h1');
    assert.deepEqual(kindsOf(world.report('master-0', 'TASK_STARTING')), ['persist', 'acknowledge']);
  });

  it('does not acknowledge what has no uuid', () => {
    const world = startMaster();
    const status = { task_id: { value: 'x' }, state: 'TASK_GONE' as const };
    assert.deepEqual(kindsOf(world.send({ kind: 'update', status })), []);
  });

  it('kills a task that no instance has, and acknowledges its end', () => {
    const world = startMaster();
    assert.deepEqual(kindsOf(world.update('old', 'TASK_RUNNING')), ['acknowledge', 'kill']);
    assert.deepEqual(kindsOf(world.update('old', 'TASK_KILLED')), ['acknowledge']);
  });

  it('does not launch again what Mesos called invalid', () => {
    const world = new EngineWorld(makeSpec(master));
    world.subscribe();
    world.offer('h1');
    world.report('master-0', 'TASK_ERROR', { message: 'task uses more than offered' });
    world.tick(3_600_000);
    assert.equal(launchesOf(world.offer('h1')).length, 0);
    assert.match(
      explainWaiting(world.state, world.instance('master-0'), world.nowMs) ?? '',
      /would refuse it again: task uses more than offered/,
    );
  });

  it('keeps an unknown task until the grace is over, asking all the while', () => {
    const world = startMaster();
    world.report('master-0', 'TASK_UNKNOWN');
    assert.equal(launchesOf(world.offer('h1')).length, 0);
    let asked = 0;
    for (let ms = 0; ms < timing.unknownMs - 1000; ms += 1000)
      asked += kindsOf(world.tick(1000)).filter((kind) => kind === 'reconcile').length;
    assert.ok(asked > 10);
    assert.equal(launchesOf(world.offer('h1')).length, 0);
    world.tick(2000);
    assert.equal(launchesOf(world.offer('h1')).length, 1);
  });

  it('ignores the end of an executor, and asks about the tasks of a lost agent', () => {
    const world = startMaster();
    const agentId = world.instance('master-0').task?.agentId;
    world.tick(timing.reconcileMaxMs);
    assert.deepEqual(kindsOf(world.send({ kind: 'failure', agentId, executorId: 'e' })), []);
    assert.deepEqual(kindsOf(world.send({ kind: 'failure', agentId })), ['reconcile']);
  });
});

describe('engine: offer hygiene', () => {
  it('declines for an hour and suppresses when nothing waits', () => {
    const world = startMaster();
    assert.equal(world.state.demand['r']?.suppressed, true);
    assert.equal(filterOf(world.offer('h9')), 3600);
  });

  it('declines for seconds while something backs off, and revives when it may start', () => {
    const world = startMaster();
    world.nowMs += timing.reviveIntervalMs;
    world.report('master-0', 'TASK_FAILED');
    assert.equal(filterOf(world.offer('h1')), 5);
    assert.deepEqual(kindsOf(world.tick(timing.backoffBaseMs)), ['revive']);
  });

  it('never suppresses a service that follows the agents', () => {
    const world = startMaster(worker);
    world.offer('h1');
    world.report('worker-0', 'TASK_RUNNING');
    assert.equal(world.state.demand['r']?.suppressed, false);
  });

  it('revives at most once per interval, and does not forget the second wish', () => {
    const world = startMaster();
    world.nowMs += timing.reviveIntervalMs;
    world.report('master-0', 'TASK_KILLED');
    assert.ok(kindsOf(world.tick(timing.backoffBaseMs)).includes('revive'));
    world.offer('h1');
    world.send({ kind: 'operator', action: { kind: 'restart', instance: 'master-0' } });
    assert.deepEqual(kindsOf(world.report('master-0', 'TASK_KILLED')), ['persist', 'acknowledge']);
    assert.ok(kindsOf(world.tick(timing.reviveIntervalMs)).includes('revive'));
  });

  it('forgets a wish that was fulfilled before it could revive', () => {
    const world = startMaster();
    world.nowMs += timing.reviveIntervalMs;
    world.report('master-0', 'TASK_KILLED');
    world.tick(timing.backoffBaseMs);
    world.offer('h1');
    world.send({ kind: 'operator', action: { kind: 'restart', instance: 'master-0' } });
    world.report('master-0', 'TASK_KILLED');
    world.offer('h1');
    assert.equal(world.instance('master-0').phase, 'launching');
    assert.ok(!kindsOf(world.tick(timing.reviveIntervalMs)).includes('revive'));
  });
});

describe('engine: a scheduler that comes back', () => {
  it('asks about every stored task and launches none again', () => {
    const before = startMaster();
    const world = new EngineWorld(makeSpec(master), before.state.instances.list(), 'F');
    const effects = world.subscribe();
    assert.deepEqual(
      effects.filter((effect) => effect.kind === 'reconcile').map((effect) => effect.tasks),
      [[{ taskId: before.taskOf('master-0'), agentId: 'agent-h1' }]],
    );
    assert.equal(launchesOf(world.offer('h1')).length, 0);
    world.report('master-0', 'TASK_RUNNING', { reason: 'REASON_RECONCILIATION' });
    assert.equal(world.instance('master-0').phase, 'ready');
    assert.deepEqual(kindsOf(world.tick(timing.reconcileMaxMs)), []);
  });

  it('launches again what Mesos never got: the ACCEPT was lost with the scheduler', () => {
    const before = new EngineWorld(makeSpec(master));
    before.subscribe();
    before.offer('h1');
    const world = new EngineWorld(makeSpec(master), before.state.instances.list(), 'F');
    world.subscribe();
    world.report('master-0', 'TASK_GONE', { reason: 'REASON_RECONCILIATION' });
    world.tick(timing.backoffBaseMs);
    assert.equal(launchesOf(world.offer('h1')).length, 1);
  });

  it('stops and forgets what the configuration does not hold any more', () => {
    const before = new EngineWorld(makeSpec(makeComponent({ count: 2 })));
    before.subscribe();
    before.offer('h1');
    const world = new EngineWorld(makeSpec(makeComponent({ count: 1 })), before.state.instances.list(), 'F');
    const kills = world.subscribe().filter((effect) => effect.kind === 'kill');
    assert.deepEqual(
      kills.map(({ taskId }) => taskId),
      [before.taskOf('worker-1')],
    );
    world.report('worker-1', 'TASK_KILLED');
    assert.deepEqual(world.state.instances.names(), ['worker-0']);
  });

  it('asks for everything that Mesos knows, now and then', () => {
    const world = startMaster();
    const implicit = (ms: number) =>
      world.tick(ms).some((effect) => effect.kind === 'reconcile' && effect.tasks.length === 0);
    assert.equal(implicit(60_000), true);
    assert.equal(implicit(timing.implicitReconcileMs / 2), false);
    assert.equal(implicit(timing.implicitReconcileMs / 2), true);
  });
});

describe('engine: teardown', () => {
  it('kills every task, waits for their ends, then removes the framework', () => {
    const world = startMaster(worker);
    world.offer('h1');
    const kills = kindsOf(
      world.send({ kind: 'operator', action: { kind: 'teardown', graceMs: 30_000 } }),
    ).filter((kind) => kind === 'kill');
    assert.equal(kills.length, 2);
    assert.ok(!kindsOf(world.report('master-0', 'TASK_KILLED')).includes('teardown'));
    assert.ok(kindsOf(world.report('worker-0', 'TASK_KILLED')).includes('teardown'));
    assert.equal(world.state.mode, 'torn-down');
  });

  it('does not wait for ever', () => {
    const world = startMaster();
    world.send({ kind: 'operator', action: { kind: 'teardown', graceMs: 30_000 } });
    assert.ok(!kindsOf(world.tick(29_999)).includes('teardown'));
    assert.ok(kindsOf(world.tick(1)).includes('teardown'));
  });

  it('remembers host, ports and formatted state for a later start, and no task', () => {
    const world = startMaster();
    const labels = { labels: [{ key: 'stevedore.formatted', value: 'journal' }] };
    world.report('master-0', 'TASK_RUNNING', { labels });
    world.send({ kind: 'operator', action: { kind: 'teardown', graceMs: 1 } });
    world.report('master-0', 'TASK_KILLED');
    const { hostname, ports, formatted, task, phase } = world.instance('master-0');
    assert.deepEqual(
      { hostname, ports, formatted, task, phase },
      { hostname: 'h1', ports: { rpc: 31_100 }, formatted: ['journal'], task: undefined, phase: 'waiting' },
    );
  });

  it('places nothing while it tears down', () => {
    const world = new EngineWorld(makeSpec(makeComponent({ count: 2 })));
    world.subscribe();
    world.offer(makeOffer('h1', [scalar('cpus', 1.5), scalar('mem', 4096)]));
    world.send({ kind: 'operator', action: { kind: 'teardown', graceMs: 9000 } });
    assert.equal(launchesOf(world.offer('h1')).length, 0);
  });
});
