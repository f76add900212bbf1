import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseConstraints } from '../../../../../scheduler/core/constraints/constraint-parser.ts';
import type { HostFacts } from '../../../../../scheduler/core/constraints/host-facts.ts';
import { PlacementJudge } from '../../../../../scheduler/core/constraints/placement-judge.ts';
import { attribute, host, rule } from '../../../../support/placement-facts.ts';

/** `+` or `-` and the reason, of every constraint. */
function judge(constraints: string, facts: HostFacts, placed: readonly HostFacts[] = []): string[] {
  return new PlacementJudge(rule(constraints), 'worker', placed)
    .judge(facts, 'new')
    .map(({ passes, reason }) => `${passes ? '+' : '-'} ${reason}`);
}

function passes(constraints: string, facts: HostFacts, placed: readonly HostFacts[] = []): boolean {
  return new PlacementJudge(rule(constraints), 'worker', placed)
    .judge(facts, 'new')
    .every((outcome) => outcome.passes);
}

const rack = (name: string, value: string | number) => host(name, { rack: value });
const racks = (...values: string[]) => values.map((value, index) => rack(`p${index}`, value));

describe('placement judge', () => {
  it('LIKE and UNLIKE match the whole value', () => {
    assert.deepEqual(judge('rack:LIKE:a.*', rack('h', 'b7')), ['- needs rack LIKE a.*, offered rack b7']);
    assert.deepEqual(judge('rack:UNLIKE:a.*', rack('h', 'b7')), ['+ needs rack UNLIKE a.*, offered rack b7']);
    assert.equal(passes('rack:LIKE:a', rack('h', 'ab')), false);
    assert.equal(passes('hostname:LIKE:h[1-3]', host('h2')), true);
    assert.equal(passes('hostname:UNLIKE:h[1-3]', host('h2')), false);
  });

  it('IS and IS_NOT compare whole values', () => {
    assert.equal(passes('rack:IS:a', rack('h', 'a')), true);
    assert.equal(passes('rack:IS:a', rack('h', 'A')), false);
    assert.deepEqual(judge('rack:IS_NOT:a', rack('h', 'a')), ['- needs rack IS_NOT a, offered rack a']);
  });

  it('a host without the attribute passes UNLIKE and IS_NOT only', () => {
    const positive = ['UNIQUE', 'CLUSTER', 'CLUSTER:a', 'GROUP_BY', 'LIKE:.*', 'MAX_PER:9', 'IS:a'];
    for (const operator of positive) assert.equal(passes(`rack:${operator}`, host('h')), false, operator);
    for (const operator of ['UNLIKE:.*', 'IS_NOT:a'])
      assert.equal(passes(`rack:${operator}`, host('h')), true);
    assert.deepEqual(judge('rack:LIKE:a', host('h')), ['- needs rack LIKE a, offered no rack']);
  });

  it('compares a number as number and as text', () => {
    for (const written of ['IS:01', 'IS:1', 'IS:1.0', 'LIKE:01', 'LIKE:[12]', 'CLUSTER:01'])
      assert.equal(passes(`rack:${written}`, rack('h', 1)), true, written);
    for (const written of ['IS:2', 'IS:1a', 'LIKE:02', 'UNLIKE:01', 'IS_NOT:1.000'])
      assert.equal(passes(`rack:${written}`, rack('h', 1)), false, written);
    assert.equal(passes('rack:UNIQUE', rack('h', 1), [rack('p', 1)]), false);
  });

  it('looks into ranges and sets', () => {
    const slots = {
      hostname: 'h',
      attributes: [
        attribute('slots', [
          [7, 9],
          [1, 4],
        ]),
      ],
    };
    for (const written of ['IS:8', 'IS:[1-4\\,7-9]', 'LIKE:\\[1-4.*'])
      assert.equal(passes(`slots:${written}`, slots), true);
    assert.equal(passes('slots:IS:5', slots), false);
    const set = {
      hostname: 'h',
      attributes: [{ name: 's', type: 'SET' as const, set: { item: ['b', 'a'] } }],
    };
    for (const written of ['IS:b', 'IS:{a\\,b}', 'LIKE:[bc]'])
      assert.equal(passes(`s:${written}`, set), true, written);
    assert.equal(passes('s:IS:c', set), false);
  });

  it('any of several attributes of one name matches', () => {
    const two = { hostname: 'h', attributes: [attribute('rack', 'a'), attribute('rack', 'b')] };
    assert.equal(passes('rack:IS:b', two), true);
    assert.equal(passes('rack:IS_NOT:b', two), false);
    assert.equal(passes('rack:UNIQUE', two, racks('b')), false);
    assert.equal(passes('rack:GROUP_BY', two, racks('a', 'a', 'b')), true);
  });

  it('knows region and zone of the fault domain', () => {
    const facts = { ...host('h'), region: 'eu', zone: 'z1' };
    assert.equal(passes('@region:IS:eu,@zone:LIKE:z\\d', facts), true);
    assert.equal(passes('@zone:IS:z1', host('h', { zone: 'z1' })), false);
  });

  it('UNIQUE and MAX_PER limit the instances of a value', () => {
    assert.deepEqual(judge('hostname:UNIQUE', host('h1'), [host('h1')]), [
      '- @hostname h1 has 1 of at most 1 worker',
    ]);
    assert.equal(passes('hostname:UNIQUE', host('h2'), [host('h1')]), true);
    const placed = racks('a1', 'a1', 'a1', 'b');
    assert.deepEqual(judge('rack:MAX_PER:3', rack('h', 'a1'), placed), [
      '- rack a1 has 3 of at most 3 worker',
    ]);
    assert.deepEqual(judge('rack:MAX_PER:3', rack('h', 'b'), placed), ['+ rack b has 1 of at most 3 worker']);
  });

  it('CLUSTER takes the value that is written, or that of the first instance', () => {
    assert.equal(passes('rack:CLUSTER:a', rack('h', 'b')), false);
    assert.deepEqual(judge('rack:CLUSTER', rack('h', 'b')), [
      '+ the first worker decides the rack of all, offered rack b',
    ]);
    assert.deepEqual(judge('rack:CLUSTER', rack('h', 'b'), racks('a', 'a')), [
      '- needs the rack of every other worker (a), offered rack b',
    ]);
    assert.equal(passes('rack:CLUSTER', rack('h', 'a'), racks('a', 'a')), true);
  });

  it('GROUP_BY takes a new value, or one of those least used', () => {
    const placed = racks('z1', 'z1', 'z2');
    assert.deepEqual(judge('rack:GROUP_BY', rack('h', 'z1'), placed), [
      '- GROUP_BY rack: z1 has 2, least used has 1',
    ]);
    assert.equal(passes('rack:GROUP_BY', rack('h', 'z2'), placed), true);
    assert.equal(passes('rack:GROUP_BY', rack('h', 'z3'), placed), true);
  });

  it('GROUP_BY with a number waits until so many groups have one', () => {
    assert.deepEqual(judge('rack:GROUP_BY:3', rack('h', 'z1'), racks('z1', 'z2')), [
      '- GROUP_BY rack: z1 has 1, least used has 1, 2 of 3 groups have a worker',
    ]);
    assert.equal(passes('rack:GROUP_BY:3', rack('h', 'z3'), racks('z1', 'z2')), true);
    assert.equal(passes('rack:GROUP_BY:3', rack('h', 'z1'), racks('z1', 'z2', 'z3')), true);
  });

  it('asks an instance that returns to its state for its host alone, not for its number', () => {
    const returning = new PlacementJudge(rule('rack:MAX_PER:1,rack:LIKE:a'), 'worker', racks('a'));
    assert.deepEqual(
      returning.judge(rack('h', 'a'), 'returning').map(({ passes: isPassed }) => isPassed),
      [true],
    );
  });

  it('keeps away from excluded hosts, by name, IP and pattern', () => {
    const exclusion = new PlacementJudge(
      rule('', { excludedHosts: ['H1', '10.0.*', 'db-*.net'] }),
      'worker',
      [],
    );
    const outcomes = [host('h1'), { ...host('x'), ip: '10.0.7.1' }, host('db-7.net'), host('db-7xnet')].map(
      (facts) => exclusion.judge(facts, 'returning')[0],
    );
    assert.deepEqual(
      outcomes.map((outcome) => outcome?.reason),
      [
        "h1 is excluded by 'H1'",
        "x is excluded by '10.0.*'",
        "db-7.net is excluded by 'db-*.net'",
        'db-7xnet is not excluded',
      ],
    );
    assert.deepEqual(
      outcomes.map((outcome) => outcome?.passes),
      [false, false, false, true],
    );
  });

  it('scores by preferences, the first above all others together', () => {
    const preferences = parseConstraints('rack:IS:a,ssd:IS:yes,rack:UNIQUE').constraints;
    const wishes = new PlacementJudge(rule('', { preferences }), 'worker', racks('a'));
    const scores = [host('h', { rack: 'a' }), host('h', { rack: 'b', ssd: 'yes' }), host('h')].map((facts) =>
      wishes.score(facts),
    );
    assert.deepEqual(scores, [4, 3, 0]);
  });

  it('counts each instance that is noted, and finds the least used as a search would', () => {
    const values = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
    fc.assert(
      fc.property(values, fc.constantFrom('a', 'b', 'c', 'd'), (placed, offered) => {
        const counts = new Map<string, number>();
        for (const value of placed) counts.set(value, (counts.get(value) ?? 0) + 1);
        const own = counts.get(offered) ?? 0;
        const expected = own === 0 || own === Math.min(...counts.values());
        assert.equal(passes('rack:GROUP_BY', rack('h', offered), racks(...placed)), expected);
        assert.equal(passes('rack:MAX_PER:2', rack('h', offered), racks(...placed)), own < 2);
      }),
    );
  });
});

describe('classes of hosts', () => {
  it('hold hosts that the rule cannot tell apart, and are open as each of their hosts is', () => {
    const fields = fc.record({ rack: fc.constantFrom('a', 'b', 'c'), zone: fc.constantFrom('x', 'y') });
    const hosts = fc.array(fields, { minLength: 2, maxLength: 8 });
    const rules = fc.constantFrom(
      'rack:MAX_PER:1',
      'zone:GROUP_BY',
      'rack:CLUSTER,zone:LIKE:x',
      'rack:UNIQUE',
    );
    fc.assert(
      fc.property(hosts, rules, rules, (all, constraints, wishes) => {
        const preferences = parseConstraints(wishes).constraints;
        const known = new PlacementJudge(rule(constraints, { preferences }), 'worker', []);
        const facts = all.map((attributes, index) => host(`h${index}`, attributes));
        known.note(facts[0] as HostFacts);
        for (const one of facts) {
          const isPassed = known.judge(one, 'new').every((outcome) => outcome.passes);
          assert.equal(known.isEligible(one) && known.isOpen(one), isPassed);
          for (const other of facts.filter((candidate) => known.classOf(candidate) === known.classOf(one)))
            assert.deepEqual(
              [known.score(other), known.isOpen(other)],
              [known.score(one), known.isOpen(one)],
            );
        }
      }),
    );
  });
});
