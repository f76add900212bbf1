import assert from 'node:assert/strict';
import { explainWaiting } from '../../../../../scheduler/core/explain.ts';
import { Table } from '../../../../../scheduler/core/table.ts';
import { DEFAULT_TIMING as timing } from '../../../../../scheduler/core/timing.ts';
import { idOf, parseOwnedId } from '../../../../../scheduler/core/volumes/reservation-owner.ts';
import { kindsOf, launchesOf, makeSpec, scalar } from '../../../../support/engine-world.ts';
import type { VolumeAgent } from '../../../../support/volume-agent.ts';
import {
  VolumeWorld,
  makeKeeper,
  makeVolume,
  operationsOf,
  plainResources,
} from '../../../../support/volume-world.ts';

const PINNED = { pinned: true, uniqueHost: true };

function startKeeper(changes: Parameters<typeof makeKeeper>[0] = {}): VolumeWorld {
  const world = new VolumeWorld(makeKeeper(changes), { h1: plainResources(), h2: plainResources() });
  world.round();
  return world;
}

function waitingFor(world: VolumeWorld, name = 'keeper-0'): string {
  return explainWaiting(world.state, world.instance(name), world.nowMs) ?? '';
}

describe('persistent volumes', () => {
  it('are reserved, made and used in one ACCEPT, with the ledger written before', () => {
    const world = new VolumeWorld(makeKeeper(), { h1: plainResources() });
    const effects = world.round();
    assert.deepEqual(kindsOf(effects).slice(0, 2), ['persist', 'accept']);
    assert.deepEqual(operationsOf(effects), ['RESERVE', 'CREATE']);
    const persist = effects.find((effect) => effect.kind === 'persist');
    const stored = persist?.kind === 'persist' ? persist.changed[0]?.reserved : undefined;
    const [volume] = launchesOf(effects)[0]?.placement.task.filter(({ disk }) => disk) ?? [];
    assert.deepEqual(stored, [volume]);
    assert.equal(persist?.kind === 'persist' && typeof persist.facts.reservationOwner?.id, 'string');
    assert.deepEqual(world.problems, []);
    assert.deepEqual(volume, {
      ...scalar('disk', 100),
      reservations: [
        {
          type: 'DYNAMIC',
          role: 'r',
          principal: 'p',
          labels: {
            labels: [
              { key: 'stevedore.cluster', value: 'c1' },
              { key: 'stevedore.instance', value: 'keeper-0' },
              { key: 'stevedore.id', value: volume?.disk?.persistence?.id },
            ],
          },
        },
      ],
      disk: {
        persistence: { id: volume?.disk?.persistence?.id, principal: 'p' },
        volume: { mode: 'RW', container_path: 'data' },
      },
    });
  });

  it('are used again by the next task, which waits for them', () => {
    const world = startKeeper();
    world.run('keeper-0');
    const host = world.instance('keeper-0').hostname;
    const ids = world.volumeIds;
    world.endTask('keeper-0', 'TASK_FAILED');
    world.tick(3_000);
    const others = world.agents.map((agent) => agent.offer()).filter(({ hostname }) => hostname !== host);
    assert.deepEqual(launchesOf(world.offer(...others)), []);
    world.tick(3_000);
    const effects = world.round();
    assert.deepEqual([launchesOf(effects).length, operationsOf(effects)], [1, []]);
    assert.deepEqual([world.volumeIds, world.instance('keeper-0').hostname], [ids, host]);
    assert.deepEqual(world.problems, []);
  });

  it('are found by their id also when the agent has another name now', () => {
    const world = startKeeper(PINNED);
    world.run('keeper-0');
    world.report('keeper-0', 'TASK_RUNNING', {
      labels: { labels: [{ key: 'stevedore.formatted', value: 'journal' }] },
    });
    world.endTask('keeper-0', 'TASK_FAILED');
    world.tick(3_000);
    const agent = world.agents.find(({ volumes }) => volumes.length > 0);
    const renamed = { ...agent?.offer(), hostname: 'renamed' } as ReturnType<
      NonNullable<typeof agent>['offer']
    >;
    const [launch] = launchesOf(world.offer(renamed));
    assert.deepEqual([launch?.placed.agentHostname, launch?.placed.formatted], ['renamed', ['journal']]);
    assert.equal(world.instance('keeper-0').hostname, 'renamed');
    assert.deepEqual(world.instance('keeper-0').formatted, ['journal']);
  });

  it('say where they are while their host makes no offer', () => {
    const world = startKeeper();
    world.run('keeper-0');
    const host = world.instance('keeper-0').hostname as string;
    world.endTask('keeper-0', 'TASK_LOST');
    world.tick(40_000);
    const other = world.agents.find(({ volumes }) => volumes.length === 0);
    world.offer((other as NonNullable<typeof other>).offer());
    assert.match(waitingFor(world), new RegExp(`its volume data lies on host ${host}, which makes no offer`));
  });

  it('are completed when only their reservation was made', () => {
    const world = new VolumeWorld(makeKeeper(), { h1: plainResources() });
    world.round(['CREATE']);
    assert.deepEqual(world.agents[0]?.problems.length, 1, 'the launch had no volume');
    world.agents[0]?.problems.splice(0);
    world.report('keeper-0', 'TASK_DROPPED', { reason: 'REASON_INVALID_OFFERS' });
    world.tick(60_000);
    const effects = world.round();
    assert.deepEqual(operationsOf(effects), ['CREATE']);
    assert.deepEqual([world.problems, world.volumeIds[0]?.length], [[], 1]);
    assert.equal(world.instance('keeper-0').failures, 0);
  });

  it('do not bind an instance to a host where they never came to be', () => {
    const world = new VolumeWorld(makeKeeper(), { h1: plainResources() });
    const [agent] = world.agents;
    world.send({ kind: 'offers', offers: [(agent as NonNullable<typeof agent>).offer()] });
    world.report('keeper-0', 'TASK_DROPPED', { reason: 'REASON_INVALID_OFFERS' });
    world.tick(60_000);
    const effects = world.round();
    assert.deepEqual([launchesOf(effects).length, operationsOf(effects)], [1, ['RESERVE', 'CREATE']]);
    assert.equal(world.facts.released?.length, 1, 'the former id is still to be looked for');
    world.run('keeper-0');
    world.settle();
    assert.deepEqual([world.facts.released, world.problems], [undefined, []]);
  });

  it('do not bind an instance to a host that was out of reach before it took the task', () => {
    const world = new VolumeWorld(makeKeeper(), { h1: plainResources(), h2: plainResources() });
    const [first, second] = world.agents as [VolumeAgent, VolumeAgent];
    world.send({ kind: 'offers', offers: [first.offer()] });
    world.report('keeper-0', 'TASK_UNREACHABLE', { reason: 'REASON_RECONCILIATION' });
    world.tick(timing.unreachableMs);
    const offer = second.offer();
    second.perform(world.send({ kind: 'offers', offers: [offer] }), offer);
    world.run('keeper-0');
    assert.deepEqual([second.volumes.length, world.instance('keeper-0').hostname], [1, 'h2']);
  });

  it('say how they are given up, by whether their task may run still', () => {
    const world = startKeeper();
    world.run('keeper-0');
    world.report('keeper-0', 'TASK_UNREACHABLE');
    world.tick(timing.unreachableMs);
    assert.match(waitingFor(world, 'keeper-0'), /if it is lost, 'stevedore replace keeper-0' gives it up/);
    world.endTask('keeper-0', 'TASK_LOST');
    world.tick(timing.backoffMaxMs);
    assert.match(waitingFor(world, 'keeper-0'), /if it is lost, 'stevedore forget keeper-0' gives it up/);
  });

  it('survive a scheduler that is killed after each write, and are made once', () => {
    const world = startKeeper();
    world.restart();
    world.run('keeper-0');
    world.endTask('keeper-0', 'TASK_FAILED');
    world.restart();
    world.tick(60_000);
    world.round();
    world.run('keeper-0');
    assert.equal(world.volumeIds.flat().length, 1);
    assert.deepEqual(world.problems, []);
  });

  it('keep their host for one instance when there is to be one on a host', () => {
    const component = makeKeeper({ count: 2, uniqueHost: true });
    const world = new VolumeWorld(component, { h1: plainResources() });
    world.round();
    world.run('keeper-0');
    world.endTask('keeper-0', 'TASK_FAILED');
    world.tick(200);
    assert.deepEqual(launchesOf(world.round()), []);
    assert.match(waitingFor(world, 'keeper-1'), /h1 has a keeper already/);
  });

  it('are given up by the operator, made elsewhere, and given back when they are offered', () => {
    const world = startKeeper();
    world.run('keeper-0');
    const [former] = world.volumeIds.flat();
    world.endTask('keeper-0', 'TASK_FAILED');
    world.send({ kind: 'operator', action: { kind: 'forget', instance: 'keeper-0' } });
    assert.deepEqual(
      world.facts.released?.map(({ id }) => id),
      [former],
    );
    world.tick(60_000);
    const effects = world.round();
    assert.deepEqual(operationsOf(effects).sort(), ['CREATE', 'DESTROY', 'RESERVE', 'UNRESERVE']);
    world.run('keeper-0');
    world.settle();
    assert.equal(world.volumeIds.flat().length, 1);
    assert.notEqual(world.volumeIds.flat()[0], former);
    assert.deepEqual([world.facts.released, world.problems], [undefined, []]);
  });

  it('go when the component shrinks', () => {
    const world = startKeeper({ count: 2 });
    for (const name of ['keeper-0', 'keeper-1']) world.run(name);
    assert.equal(world.volumeIds.flat().length, 2);
    world.restart(makeSpec(makeKeeper()));
    world.endTask('keeper-1', 'TASK_KILLED');
    world.settle();
    const owners = world.volumeIds.flat().map((id) => parseOwnedId(id)?.instance);
    assert.deepEqual([owners, world.problems], [['keeper-0'], []]);
  });

  it('are not looked for on an agent that is gone for good', () => {
    const world = startKeeper();
    world.run('keeper-0');
    const host = world.instance('keeper-0').hostname;
    const gone = world.agents.findIndex(({ volumes }) => volumes.length > 0);
    world.update(world.taskOf('keeper-0'), 'TASK_GONE_BY_OPERATOR');
    world.agents.splice(gone, 1);
    assert.equal(world.facts.released, undefined);
    world.tick(60_000);
    assert.equal(launchesOf(world.round()).length, 1);
    assert.notEqual(world.instance('keeper-0').hostname, host);
  });

  it('take a MOUNT disk whole, the smallest that fits, and no other disk', () => {
    const disk = (root: string, size: number, type = 'MOUNT') =>
      scalar('disk', size, { disk: { source: { type, mount: { root } } } });
    const component = makeKeeper({ volumes: [makeVolume({ disk: 'MOUNT' })] });
    const disks = [disk('/a', 900), disk('/b', 200), disk('/c', 50), disk('/d', 150, 'PATH')];
    const world = new VolumeWorld(component, { h1: plainResources(...disks) });
    world.round();
    const [volume] = world.agents[0]?.volumes ?? [];
    assert.deepEqual([volume?.scalar?.value, volume?.disk?.source?.mount?.root], [200, '/b']);
    assert.deepEqual(world.problems, []);
    const small = new VolumeWorld(component, { h1: plainResources(disk('/c', 50)) });
    small.round();
    assert.match(
      waitingFor(small),
      /needs 100 MiB of MOUNT disk for its volume data, offered 50 MiB at most in one piece/,
    );
  });

  it('use what the operator reserved for the role as it is, and leave that reservation', () => {
    const reserved = scalar('disk', 500, { reservations: [{ type: 'STATIC', role: 'r' }] });
    const world = new VolumeWorld(makeKeeper(), { h1: plainResources(reserved) });
    const effects = world.round();
    assert.deepEqual(operationsOf(effects), ['CREATE']);
    world.run('keeper-0');
    world.endTask('keeper-0', 'TASK_FAILED');
    world.send({ kind: 'operator', action: { kind: 'teardown', graceMs: 1000 } });
    assert.deepEqual(operationsOf(world.round()), ['DESTROY']);
    assert.deepEqual(world.problems, []);
    assert.ok(
      world.agents[0]?.free.some(({ scalar: size, reservations }) => reservations && size?.value === 500),
    );
  });

  it('are made by one instance also where there is no room for the new one of another', () => {
    const world = new VolumeWorld(makeKeeper({ count: 2 }), { h1: plainResources() });
    world.round();
    for (const name of ['keeper-0', 'keeper-1']) world.run(name);
    world.endTask('keeper-0', 'TASK_FAILED');
    world.send({ kind: 'operator', action: { kind: 'forget', instance: 'keeper-0' } });
    world.endTask('keeper-1', 'TASK_FAILED');
    const [agent] = world.agents as [(typeof world.agents)[number]];
    agent.free = agent.free.filter(({ name, reservations }) => name !== 'disk' || reservations);
    world.tick(60_000);
    assert.deepEqual(
      launchesOf(world.round()).map(({ placed }) => placed.instance),
      ['keeper-1'],
    );
  });

  it('are not taken for given back by an offer of another role', () => {
    const world = startKeeper();
    world.run('keeper-0');
    world.endTask('keeper-0', 'TASK_FAILED');
    world.send({ kind: 'operator', action: { kind: 'forget', instance: 'keeper-0' } });
    world.round(['DESTROY', 'UNRESERVE']);
    const entry = world.facts.released?.[0];
    assert.equal(entry?.sentAtMs, world.nowMs);
    const other = { ...world.agents[0]?.offer(), resources: [], allocation_info: { role: 'other' } };
    world.offer({ ...other, hostname: entry?.hostname } as never);
    assert.deepEqual(world.facts.released, [entry]);
  });

  it('are waited for while their task still uses them', () => {
    const world = startKeeper();
    world.run('keeper-0');
    const host = world.instance('keeper-0').hostname;
    const { reserved, ...instance } = world.instance('keeper-0');
    assert.ok(reserved);
    const instances = Table.of([['keeper-0', { ...instance, hostname: undefined }]]);
    world.state = { ...world.state, instances };
    const released = [{ id: 'x.y.z.s.u', role: 'r', hostname: host, seen: true as const, sinceMs: 0 }];
    world.state = { ...world.state, facts: { ...world.state.facts, released } };
    world.round();
    assert.deepEqual(world.facts.released, released);
  });

  it('cannot be held by role *, which is said', () => {
    const world = new VolumeWorld(makeKeeper({ role: '*' }), { h1: plainResources() });
    const settings = { ...world.state.settings, roles: ['*'] as const };
    world.state = { ...world.state, settings };
    world.round();
    assert.match(waitingFor(world), /role \* cannot hold a volume/);
  });
});

describe('reservations of all that an instance has', () => {
  const all = {
    reserve: 'all',
    ports: [{ name: 'rpc', preferred: 31_005, required: false, key: 'rpc' }],
  } as const;

  it('are made with its volume and used by the next task without another operation', () => {
    const world = startKeeper(all);
    world.run('keeper-0');
    const port = world.instance('keeper-0').ports;
    const reserved = world.instance('keeper-0').reserved?.map(({ name }) => name);
    assert.deepEqual(reserved?.sort(), ['cpus', 'disk', 'mem', 'ports']);
    world.endTask('keeper-0', 'TASK_FAILED');
    world.tick(60_000);
    const effects = world.round();
    assert.deepEqual([launchesOf(effects).length, operationsOf(effects)], [1, []]);
    assert.deepEqual([world.instance('keeper-0').ports, world.problems], [port, []]);
  });

  it('are not used once they were given up, but given back', () => {
    const world = new VolumeWorld(makeKeeper(all), { h1: plainResources() });
    world.round();
    world.run('keeper-0');
    world.endTask('keeper-0', 'TASK_FAILED');
    world.send({ kind: 'operator', action: { kind: 'forget', instance: 'keeper-0' } });
    world.tick(60_000);
    assert.equal(launchesOf(world.round()).length, 1);
    world.run('keeper-0');
    world.settle();
    const ids = new Set(world.instance('keeper-0').reserved?.map(idOf));
    assert.deepEqual([ids.size, world.facts.released, world.problems], [2, undefined, []]);
  });

  it('grow and shrink with what it needs', () => {
    const world = startKeeper(all);
    world.run('keeper-0');
    world.endTask('keeper-0', 'TASK_FAILED');
    const resize = (cpusMilli: number, memMiB: number) =>
      makeSpec(makeKeeper({ ...all, resources: { cpusMilli, memMiB, diskMiB: 0 } }));
    world.restart(resize(2000, 256));
    world.tick(60_000);
    assert.deepEqual(operationsOf(world.round()).sort(), ['RESERVE', 'UNRESERVE']);
    assert.deepEqual(world.problems, []);
    assert.deepEqual(new Set(world.instance('keeper-0').reserved?.map(({ name }) => name)).size, 4);
  });
});

describe('teardown with volumes', () => {
  function tearDown(world: VolumeWorld, keepVolumes?: boolean): void {
    const action = { kind: 'teardown', graceMs: 1000, ...(keepVolumes && { keepVolumes }) } as const;
    world.send({ kind: 'operator', action });
    world.endTask('keeper-0', 'TASK_KILLED');
  }

  it('gives back what was reserved before the framework goes', () => {
    const world = startKeeper();
    world.run('keeper-0');
    tearDown(world);
    assert.equal(world.state.mode, 'tearing-down');
    assert.deepEqual(operationsOf(world.round()), ['DESTROY', 'UNRESERVE']);
    assert.equal(world.state.mode, 'tearing-down', 'Mesos has not shown yet that it is done');
    world.round();
    assert.equal(world.state.mode, 'torn-down');
    assert.deepEqual([world.volumeIds.flat(), world.problems], [[], []]);
  });

  it('says what is left when it is not offered in time, and goes on', () => {
    const world = startKeeper();
    world.run('keeper-0');
    tearDown(world);
    world.tick(1000);
    assert.equal(world.state.mode, 'tearing-down');
    const effects = world.tick(31_000);
    const left = effects.find((effect) => effect.kind === 'log' && /left on its agent/.test(effect.text));
    assert.match(JSON.stringify(left), /keeper-0.data/);
    assert.equal(world.state.mode, 'torn-down');
    assert.equal(world.facts.released?.length, 1);
  });

  it('leaves to a later start what was not offered', () => {
    const world = startKeeper();
    world.run('keeper-0');
    const [former] = world.volumeIds.flat();
    tearDown(world);
    world.tick(1000);
    world.tick(31_000);
    world.finishTeardown();
    world.restart();
    world.round();
    world.run('keeper-0');
    world.settle();
    assert.ok(!world.volumeIds.flat().includes(former ?? ''));
    assert.deepEqual([world.volumeIds.flat().length, world.facts.released], [1, undefined]);
    assert.deepEqual(world.problems, []);
  });

  it('keeps volumes when it is asked to, and a later start finds them', () => {
    const world = startKeeper();
    world.run('keeper-0');
    const ids = world.volumeIds;
    tearDown(world, true);
    world.tick(500);
    assert.equal(world.state.mode, 'torn-down');
    world.finishTeardown();
    world.restart();
    world.tick(1000);
    const effects = world.round();
    assert.deepEqual([launchesOf(effects).length, operationsOf(effects)], [1, []]);
    assert.deepEqual(world.volumeIds, ids);
  });
});
