import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Offer } from '../../../../../protocol/mesos/framework.ts';
import { parseConstraints } from '../../../../../scheduler/core/constraints/constraint-parser.ts';
import { NO_RULE, type PlacementRule } from '../../../../../scheduler/core/constraints/placement-rule.ts';
import { explainWaiting } from '../../../../../scheduler/core/explain.ts';
import type { ComponentSpec } from '../../../../../scheduler/core/service-spec.ts';
import {
  EngineWorld,
  launchesOf,
  makeComponent,
  makeOffer,
  makeSpec,
  scalar,
} from '../../../../support/engine-world.ts';
import { attribute, rule } from '../../../../support/placement-facts.ts';

const RESOURCES = { cpusMilli: 900, memMiB: 100, diskMiB: 0 };

function offer(hostname: string, rack?: string, cpus = 4): Offer {
  const attributes = rack === undefined ? [] : [attribute('rack', rack)];
  return { ...makeOffer(hostname, [scalar('cpus', cpus), scalar('mem', 8192)]), attributes };
}

function worldOf(placement: PlacementRule, changes: Partial<ComponentSpec> = {}): EngineWorld {
  const world = new EngineWorld(
    makeSpec(makeComponent({ count: 4, resources: RESOURCES, placement, ...changes })),
  );
  world.subscribe();
  return world;
}

/** Hosts of what was launched, in order. */
function place(world: EngineWorld, ...offers: Offer[]): string[] {
  return launchesOf(world.offer(...offers))
    .toSorted((a, b) => a.placed.index - b.placed.index)
    .map(({ placed }) => placed.agentHostname);
}

const explain = (world: EngineWorld, name: string) =>
  explainWaiting(world.state, world.instance(name), world.nowMs);

describe('placement rules in a round of offers', () => {
  it('place only where all constraints hold, and say why not elsewhere', () => {
    const world = worldOf(rule('rack:LIKE:a.*,hostname:UNIQUE'));
    assert.deepEqual(place(world, offer('h1', 'b7'), offer('h2', 'a1'), offer('h3')), ['h2']);
    assert.equal(
      explain(world, 'worker-1'),
      'no offer fits: h2: @hostname h2 has 1 of at most 1 worker | ' +
        'h1: needs rack LIKE a.*, offered rack b7 | h3: needs rack LIKE a.*, offered no rack',
    );
  });

  it('count what this round has placed', () => {
    const world = worldOf(rule('rack:MAX_PER:1'));
    const offers = [offer('h1', 'a'), offer('h2', 'a'), offer('h3', 'b')];
    assert.deepEqual(place(world, ...offers), ['h1', 'h3']);
    assert.match(explain(world, 'worker-2') ?? '', /h\d: rack a has 1 of at most 1 worker/);
  });

  it('count what runs since earlier rounds by the facts of its launch', () => {
    const world = worldOf(rule('rack:MAX_PER:1'));
    place(world, offer('h1', 'a'));
    assert.deepEqual(world.instance('worker-0').task?.facts?.attributes, [attribute('rack', 'a')]);
    assert.deepEqual(place(world, offer('h2', 'a'), offer('h3', 'b')), ['h3']);
  });

  it('spread evenly by GROUP_BY, also when one group has all the room', () => {
    const world = worldOf(rule('rack:GROUP_BY:2'));
    assert.deepEqual(place(world, offer('h1', 'a', 40), offer('h2', 'b', 2.5)).toSorted(), [
      'h1',
      'h1',
      'h2',
      'h2',
    ]);
    const alone = worldOf(rule('rack:GROUP_BY:2'));
    assert.deepEqual(place(alone, offer('h1', 'a', 40)), ['h1']);
    assert.match(explain(alone, 'worker-1') ?? '', /a has 1, least used has 1, 1 of 2 groups have a worker/);
    assert.deepEqual(place(alone, offer('h1', 'a', 40), offer('h2', 'b', 40)).toSorted(), ['h1', 'h2', 'h2']);
  });

  it('keep together by CLUSTER', () => {
    const world = worldOf(rule('rack:CLUSTER'));
    const racks = place(world, offer('h1', 'a', 1), offer('h2', 'b', 1), offer('h3', 'a', 1));
    assert.deepEqual(racks, ['h1', 'h3']);
  });

  it('keep away from excluded hosts', () => {
    const world = worldOf({ ...NO_RULE, excludedHosts: ['h1'] });
    assert.deepEqual(place(world, offer('h1')), []);
    assert.equal(explain(world, 'worker-0'), "no offer fits: h1: h1 is excluded by 'h1'");
  });

  it('use what is preferred as long as there is any, then the rest', () => {
    const preferences = parseConstraints('rack:IS:a').constraints;
    const world = worldOf({ ...NO_RULE, preferences });
    assert.deepEqual(place(world, offer('h1', 'b', 9), offer('h2', 'a', 2.5), offer('h3', 'a', 1)), [
      'h2',
      'h3',
      'h2',
      'h1',
    ]);
  });

  it('follow a preference that depends on where the others are', () => {
    const preferences = parseConstraints('rack:UNIQUE,hostname:LIKE:h1').constraints;
    const world = worldOf({ ...NO_RULE, preferences });
    assert.deepEqual(place(world, offer('h1', 'a', 9), offer('h2', 'a', 9), offer('h3', 'b', 9)), [
      'h1',
      'h3',
      'h1',
      'h1',
    ]);
    const hosts = worldOf({
      ...NO_RULE,
      preferences: parseConstraints('hostname:UNIQUE').constraints,
      strategy: 'pack',
    });
    assert.deepEqual(place(hosts, offer('h1', 'a', 9), offer('h2', 'a', 8), offer('h3', 'b', 7)), [
      'h3',
      'h2',
      'h1',
      'h3',
    ]);
  });

  it('pack onto the offer with the least left, spread onto the host with the fewest', () => {
    const offers = () => [offer('h1', 'a', 9), offer('h2', 'a', 2.5), offer('h3', 'a', 4)];
    assert.deepEqual(place(worldOf({ ...NO_RULE, strategy: 'pack' }), ...offers()), ['h2', 'h2', 'h3', 'h3']);
    assert.deepEqual(place(worldOf(NO_RULE), ...offers()), ['h1', 'h2', 'h3', 'h1']);
  });

  it('let an instance come back to its state though others have filled the limit since', () => {
    const world = worldOf(rule('rack:MAX_PER:1'), { pinned: true, count: 2 });
    place(world, offer('h1', 'a'));
    world.report('worker-0', 'TASK_RUNNING');
    world.report('worker-0', 'TASK_FAILED');
    assert.deepEqual(place(world, offer('h1', 'a'), offer('h2', 'a')), []);
    world.tick(600_000);
    assert.deepEqual(place(world, offer('h2', 'a'), offer('h1', 'a')), ['h1']);
  });

  it('leave the place of an instance to itself while it is away', () => {
    const world = worldOf(rule('hostname:UNIQUE'), { pinned: true, count: 2 });
    place(world, offer('h1', 'a'));
    world.report('worker-0', 'TASK_FAILED');
    assert.deepEqual(place(world, offer('h1', 'a')), []);
    assert.match(explain(world, 'worker-1') ?? '', /@hostname h1 has 1 of at most 1 worker/);
  });

  it('count the rack of an instance that is away also when its host makes no offers', () => {
    const world = worldOf(rule('rack:MAX_PER:1'), { pinned: true, count: 2 });
    place(world, offer('h1', 'a'));
    world.report('worker-0', 'TASK_FAILED');
    assert.deepEqual(place(world, offer('h2', 'a'), offer('h3', 'b')), ['h3']);
  });

  it('look at few offers for each instance, however many are ruled out', () => {
    const cases: readonly Partial<ComponentSpec>[] = [
      { uniqueHost: true },
      { placement: rule('hostname:UNIQUE') },
      { placement: rule('rack:LIKE:a') },
      { placement: rule('rack:GROUP_BY:3') },
      { placement: { ...rule('rack:MAX_PER:20'), strategy: 'pack' } },
      { placement: rule('', { excludedHosts: ['h1*'] }) },
    ];
    for (const changes of cases)
      for (const cpus of [1.5, 500]) {
        let looks = 0;
        const component = Object.defineProperty(makeComponent({ count: 100, ...changes }), 'resources', {
          get: () => ({ ...RESOURCES, diskMiB: (looks += 1) * 0 }),
        });
        const world = new EngineWorld(makeSpec(component));
        world.subscribe();
        place(world, ...Array.from({ length: 50 }, (_, index) => offer(`h${index}`, 'abc'[index % 3], cpus)));
        assert.ok(looks < 1000, `${JSON.stringify(changes)}, ${cpus} cpus: ${looks} looks`);
      }
  });

  it('hold whatever comes and goes', () => {
    const racks = ['a', 'a', 'b', 'b', 'c'];
    const steps = fc.array(fc.constantFrom('offer', 'run', 'fail', 'later'), { minLength: 4, maxLength: 25 });
    const limits: readonly (readonly [string, (taken: readonly string[]) => boolean])[] = [
      ['rack:MAX_PER:1', (taken) => new Set(taken).size === taken.length],
      ['rack:CLUSTER', (taken) => new Set(taken).size <= 1],
      ['rack:UNLIKE:a', (taken) => !taken.includes('a')],
    ];
    fc.assert(
      fc.property(steps, fc.constantFrom(...limits), fc.boolean(), (all, [constraints, isHeld], pinned) => {
        const world = worldOf(rule(constraints), { pinned });
        const names = ['worker-0', 'worker-1', 'worker-2', 'worker-3'];
        for (const [index, kind] of all.entries()) {
          const name = names[(index * 7) % names.length] as string;
          if (kind === 'offer') world.offer(...racks.map((rack, host) => offer(`h${host}`, rack, 2.5)));
          if (kind === 'later') world.tick(1_200_000);
          if (kind === 'run' && world.taskOf(name) !== '') world.report(name, 'TASK_RUNNING');
          if (kind === 'fail' && world.taskOf(name) !== '') world.report(name, 'TASK_FAILED');
          const holders = names
            .map((one) => world.instance(one))
            .filter((one) => pinned || one.task !== undefined);
          const hosts = holders.flatMap(({ hostname }) => (hostname === undefined ? [] : [hostname]));
          const taken = hosts.map((hostname) => racks[Number(hostname.slice(1))] as string);
          assert.ok(isHeld(taken), `${constraints}: ${taken.join()} after ${all.slice(0, index + 1).join()}`);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('judge new instances of a component that follows the agents', () => {
    const world = worldOf(rule('rack:LIKE:a'), { count: 'every-agent', uniqueHost: true });
    assert.deepEqual(place(world, offer('h1', 'a'), offer('h2', 'b'), offer('h3', 'a')), ['h1', 'h3']);
  });
});
