import assert from 'node:assert/strict';
import { allocate, type Bidder, refusalMs } from '../../../local/master/allocation.ts';
import { parseResources } from '../../../local/resources-syntax.ts';

const agent = { id: 'S0', available: parseResources('cpus:4;mem:1024') };
const bidder = (id: string, more: Partial<Bidder> = {}): Bidder => ({
  id,
  roles: ['r'],
  filters: [],
  share: 0,
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

  it('offers nothing to a framework that suppressed all its roles', () => {
    assert.deepEqual(allocate([agent], [bidder('a', { roles: [] })], 0), []);
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
