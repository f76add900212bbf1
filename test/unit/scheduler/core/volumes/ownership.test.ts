/** Whatever lies on agents, whatever is dropped and whoever dies: operations are possible, and only what is ours is given back. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Resource } from '../../../../../protocol/mesos/resource.ts';
import { containsResources, identityOf, sumResources } from '../../../../../protocol/resources.ts';
import type { EngineEffect } from '../../../../../scheduler/core/engine-effects.ts';
import type { ResourceOperation } from '../../../../../scheduler/core/volumes/operations.ts';
import {
  createReservation,
  idOf,
  parseOwnedId,
  renderOwnedId,
} from '../../../../../scheduler/core/volumes/reservation-owner.ts';
import { scalar } from '../../../../support/engine-world.ts';
import {
  VolumeWorld,
  makeKeeper,
  makeVolume,
  operationsOf,
  plainResources,
} from '../../../../support/volume-world.ts';

function makeForeign(id: string): Resource {
  return scalar('disk', 70, {
    reservations: [createReservation(id, 'r', 'p')],
    disk: { persistence: { id, principal: 'p' }, volume: { mode: 'RW', container_path: 'x' } },
  });
}

const FOREIGN: readonly Resource[] = [
  makeForeign('somebody.else'),
  makeForeign('c1.keeper-0.data.another-state.u1'),
  makeForeign('c2.keeper-0.data.another-state.u2'),
  scalar('cpus', 3, {
    reservations: [{ type: 'DYNAMIC', role: 'r', labels: { labels: [{ key: 'id', value: 'x' }] } }],
  }),
  scalar('disk', 500, {
    reservations: [{ type: 'DYNAMIC', role: 'r', labels: { labels: [{ key: 'id', value: 'y' }] } }],
  }),
  scalar('mem', 3000, { revocable: {} }),
  scalar('disk', 300, { shared: {} }),
  scalar('disk', 300, { provider_id: { value: 'csi' } }),
  scalar('disk', 300, { disk: { source: { type: 'MOUNT', mount: { root: '/data' } } } }),
];

/** Its MOUNT disk may be taken by whoever asks for one. */
function isUntouchable(resource: Resource): boolean {
  return FOREIGN.includes(resource) && resource.disk?.source === undefined;
}

const OWN_SHAPES: readonly Resource[] = [
  scalar('disk', 400, { reservations: [{ type: 'STATIC', role: 'r' }] }),
  scalar('cpus', 2, { reservations: [{ type: 'DYNAMIC', role: 'r' }] }),
  scalar('disk', 250, { disk: { source: { type: 'PATH', path: { root: '/p' } } } }),
];

const component = fc
  .record({
    count: fc.integer({ min: 1, max: 3 }),
    reserve: fc.constantFrom('volumes' as const, 'all' as const),
    disk: fc.constantFrom('ROOT' as const, 'PATH' as const, 'MOUNT' as const),
    sizeMiB: fc.integer({ min: 10, max: 300 }),
    two: fc.boolean(),
  })
  .map(({ count, reserve, disk, sizeMiB, two }) =>
    makeKeeper({
      count,
      reserve,
      volumes: [
        makeVolume({ disk, sizeMiB }),
        ...(two ? [makeVolume({ name: 'log', containerPath: 'log', sizeMiB: 20 })] : []),
      ],
    }),
  );

type Turn =
  | { kind: 'round'; dropped: readonly ResourceOperation['type'][] }
  | { kind: 'lost-offers' | 'restart' | 'tick' }
  | { kind: 'run' | 'fail' | 'drop' | 'forget'; index: number };

const index = fc.integer({ min: 0, max: 2 });
const turn: fc.Arbitrary<Turn> = fc.oneof(
  fc.record({
    kind: fc.constant('round' as const),
    dropped: fc.oneof(
      { weight: 4, arbitrary: fc.constant<ResourceOperation['type'][]>([]) },
      fc.subarray<ResourceOperation['type']>(['CREATE', 'DESTROY', 'UNRESERVE']),
    ),
  }),
  fc.record({ kind: fc.constantFrom('lost-offers' as const, 'restart' as const, 'tick' as const) }),
  fc.record({
    kind: fc.constantFrom('run' as const, 'fail' as const, 'drop' as const, 'forget' as const),
    index,
  }),
);

/** A dropped CREATE takes its launch with it, as Mesos does: the task is gone and its resources were never used. */
function play(world: VolumeWorld, turn: Turn): void {
  switch (turn.kind) {
    case 'round':
      if (turn.dropped.includes('CREATE')) return playDropped(world, turn.dropped);
      return void world.round(turn.dropped);
    case 'lost-offers':
      return void world.send({ kind: 'offers', offers: world.agents.map((agent) => agent.offer()) });
    case 'restart':
      return world.restart();
    case 'tick':
      return void world.tick(40_000);
    case 'run':
    case 'fail':
    case 'drop':
    case 'forget':
      return playInstance(world, turn.kind, `keeper-${turn.index}`);
  }
}

function playDropped(world: VolumeWorld, dropped: readonly ResourceOperation['type'][]): void {
  const before = world.problems.length;
  world.round(dropped);
  for (const { problems } of world.agents) problems.splice(0);
  assert.equal(before, 0);
}

function playInstance(world: VolumeWorld, kind: 'run' | 'fail' | 'drop' | 'forget', name: string): void {
  const instance = world.state.instances.get(name);
  if (instance === undefined) return;
  if (kind === 'forget' && instance.phase === 'waiting')
    world.send({ kind: 'operator', action: { kind: 'forget', instance: name } });
  if (instance.task === undefined) return;
  const isThere = world.agents.some((agent) => agent.has(instance.task?.taskId ?? ''));
  if (kind === 'run' && isThere) world.run(name);
  if (kind === 'fail' && isThere) world.endTask(name, 'TASK_FAILED');
  if (kind === 'drop' && !isThere) world.report(name, 'TASK_DROPPED');
}

/** Every task ends up running, and what nobody holds is gone. */
function settle(world: VolumeWorld): void {
  for (let step = 0; step < 12; step += 1) {
    world.round();
    for (const name of world.state.instances.names()) {
      playInstance(world, 'drop', name);
      playInstance(world, 'run', name);
    }
    world.tick(150_000);
  }
}

function findOrphans(world: VolumeWorld): string[] {
  const held = new Set(
    world.state.instances.list().flatMap(({ reserved = [] }) => reserved.map((resource) => idOf(resource))),
  );
  const owner = world.facts.reservationOwner?.id;
  return world.agents
    .flatMap(({ free }) => free.flatMap((resource) => idOf(resource) ?? []))
    .filter((id) => parseOwnedId(id)?.state === owner && !held.has(id));
}

describe('ownership of reservations', () => {
  it('holds for every sequence of events: possible operations only, and nothing of others', () => {
    const hosts = fc.record({
      h1: fc.subarray([...OWN_SHAPES, ...FOREIGN], { minLength: 6 }),
      h2: fc.subarray([...OWN_SHAPES, ...FOREIGN], { minLength: 6 }),
    });
    fc.assert(
      fc.property(component, hosts, fc.array(turn, { maxLength: 25 }), (keeper, { h1, h2 }, turns) => {
        const world = new VolumeWorld(keeper, { h1: plainResources(...h1), h2: plainResources(...h2) });
        for (const next of turns) {
          play(world, next);
          assert.deepEqual(world.problems, []);
        }
        settle(world);
        assert.deepEqual(world.problems, []);
        assert.deepEqual(findOrphans(world), []);
        for (const [at, offered] of [h1, h2].entries())
          assert.ok(containsResources(world.agents[at]?.free ?? [], offered.filter(isUntouchable)));
      }),
      { numRuns: 100 },
    );
  });

  it('is known of ids that no book has, but not of another state of the same cluster', () => {
    const world = new VolumeWorld(makeKeeper(), { h1: plainResources() });
    world.round();
    world.run('keeper-0');
    const state = world.facts.reservationOwner?.id ?? '';
    const id = renderOwnedId({ cluster: 'c1', instance: 'keeper-7', name: 'data', state, unique: 'u' });
    const foreign = makeForeign('c1.keeper-7.data.another-state.u');
    world.agents[0]?.free.push(makeForeign(id), foreign);
    assert.deepEqual(operationsOf(world.round()), ['DESTROY', 'UNRESERVE']);
    world.settle();
    assert.ok(containsResources(world.agents[0]?.free ?? [], [foreign]));
    assert.deepEqual([findOrphans(world), world.facts.released, world.problems], [[], undefined, []]);
  });

  it('gives the whole of the sum back at the end', () => {
    const world = new VolumeWorld(makeKeeper({ reserve: 'all' }), { h1: plainResources() });
    world.round();
    world.run('keeper-0');
    world.send({ kind: 'operator', action: { kind: 'teardown', graceMs: 1000 } });
    world.endTask('keeper-0', 'TASK_KILLED');
    const effects: EngineEffect[] = [];
    for (let step = 0; step < 4; step += 1) effects.push(...world.round());
    assert.ok(effects.some(({ kind }) => kind === 'teardown'));
    const identities = (list: readonly Resource[]) =>
      sumResources(list)
        .map((resource) => JSON.stringify([identityOf(resource), resource.scalar ?? resource.ranges]))
        .sort();
    assert.deepEqual(identities(world.agents[0]?.free ?? []), identities(plainResources()));
  });
});
