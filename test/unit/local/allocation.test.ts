import assert from 'node:assert/strict';
import { allocate, type Bidder, isWorthOffering, refusalMs } from '../../../local/master/allocation.ts';
import { parseResources } from '../../../local/resources-syntax.ts';

const agent = { id: 'S0', available: parseResources('cpus:4;mem:1024') };
const bidder = (frameworkId: string, more: Partial<Bidder> = {}): Bidder => ({
  frameworkId,
  role: 'r',
  filters: [],
  share: 0,
  roleShare: 0,
  visible: (_agentId, resources) => resources,
  isAllocatable: isWorthOffering,
  ...more,
});

describe('allocation of the local master', () => {
  it('offers all that is free to the framework that holds least', () => {
    const [allocation] = allocate([agent], [bidder('rich', { share: 0.5 }), bidder('poor')], 0);
    assert.deepEqual(allocation, {
      frameworkId: 'poor',
      role: 'r',
      agentId: 'S0',
      resources: agent.available,
    });
  });

  it('spreads agents over frameworks within one round', () => {
    const agents = [agent, { ...agent, id: 'S1' }];
    const chosen = allocate(agents, [bidder('a'), bidder('b')], 0).map(({ frameworkId }) => frameworkId);
    assert.deepEqual(chosen, ['a', 'b']);
  });

  it('holds back what is contained in a refusal, and offers more than that', () => {
    const filters = [{ agentId: 'S0', role: 'r', resources: agent.available, untilMs: 100 }];
    assert.deepEqual(allocate([agent], [bidder('a', { filters })], 50), []);
    assert.equal(allocate([agent], [bidder('a', { filters })], 150).length, 1);
    const larger = { id: 'S0', available: parseResources('cpus:5;mem:1024') };
    assert.equal(allocate([larger], [bidder('a', { filters })], 50).length, 1);
  });

  it('offers what is reserved to its role and to roles below it, and to no other', () => {
    const reserved = { id: 'S0', available: parseResources('cpus:4;cpus(a):2;cpus(a/b):1') };
    const cpus = (role: string): (number | undefined)[] =>
      allocate([reserved], [bidder('f', { role })], 0).flatMap(({ resources }) =>
        resources.map(({ scalar }) => scalar?.value),
      );
    assert.deepEqual(
      [cpus('a'), cpus('a/b'), cpus('a/b/c'), cpus('ab')],
      [[4, 2], [4, 2, 1], [4, 2, 1], [4]],
    );
  });

  it('leaves what is reserved for another role to that role', () => {
    const both = { id: 'S0', available: parseResources('cpus:4;cpus(a):2') };
    const offered = allocate([both], [bidder('f', { role: 'x' }), bidder('g', { role: 'a' })], 0);
    assert.deepEqual(
      offered.map(({ frameworkId, resources }) => [frameworkId, resources[0]?.scalar?.value]),
      [
        ['f', 4],
        ['g', 2],
      ],
    );
  });

  it('offers no agent with less than cpus:0.01 and mem:32', () => {
    assert.deepEqual(
      allocate([{ id: 'S0', available: parseResources('cpus:0.009;mem:31.9') }], [bidder('a')], 0),
      [],
    );
    assert.equal(allocate([{ id: 'S0', available: parseResources('mem:32') }], [bidder('a')], 0).length, 1);
  });

  it('takes refusals as Mesos does: 0 none, unset and negative 5 s, at most a year, at least a round', () => {
    const seconds = [0, undefined, -1, 0.1, 10, 1e9].map((value) => refusalMs(value, 1000));
    assert.deepEqual(seconds, [0, 5000, 5000, 1000, 10_000, 31_536_000_000]);
  });
});
