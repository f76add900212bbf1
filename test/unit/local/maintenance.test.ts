import assert from 'node:assert/strict';
import { Maintenance } from '../../../local/master/maintenance.ts';
import type { AgentRecord } from '../../../local/master/records.ts';
import { isExcluded } from '../../../local/master/offer-constraints.ts';
import { downgradeResource, upgradeResource } from '../../../local/legacy-resources.ts';

const unavailability = { start: { nanoseconds: 1 } };
const machine = { hostname: 'h', ip: '10.0.0.1' };
const agent = (hostname: string, ip: string): AgentRecord =>
  ({ info: { hostname }, address: { ip, port: 1 } }) as AgentRecord;

describe('maintenance of machines', () => {
  it('is of the agents with that name and address, and the name may be written large', () => {
    const maintenance = new Maintenance();
    maintenance.update([{ machine_ids: [machine], unavailability }]);
    assert.deepEqual(maintenance.unavailabilityOf(agent('H', '10.0.0.1')), unavailability);
    assert.equal(maintenance.unavailabilityOf(agent('h', '10.0.0.2')), undefined);
  });

  it('goes from draining to down to up, and a machine that is up again is in no window', () => {
    const maintenance = new Maintenance();
    const other = { hostname: 'other' };
    maintenance.update([{ machine_ids: [machine, other], unavailability }]);
    maintenance.start([machine]);
    assert.deepEqual([maintenance.down, maintenance.draining], [[machine], [other]]);
    maintenance.update([{ machine_ids: [machine], unavailability }]);
    assert.deepEqual(maintenance.down, [machine]);
    maintenance.stop([machine]);
    assert.deepEqual([maintenance.windows, maintenance.down], [[], []]);
  });

  it('refuses empty windows, negative durations and no machines at all', () => {
    const maintenance = new Maintenance();
    assert.match(maintenance.findScheduleProblem([{ unavailability }]) ?? '', /window is empty/);
    const negative = { ...unavailability, duration: { nanoseconds: -1 } };
    const problem = maintenance.findScheduleProblem([{ machine_ids: [machine], unavailability: negative }]);
    assert.match(problem ?? '', /negative/);
    assert.equal(maintenance.findStartProblem([]), 'List of machines is empty');
  });
});

describe('offer constraints', () => {
  const info = {
    hostname: 'h',
    attributes: [
      { name: 'rack', type: 'TEXT' as const, text: { value: 'r1' } },
      { name: 'rack', type: 'TEXT' as const, text: { value: 'r2' } },
    ],
  };
  const excluded = (...groups: object[][]): boolean => {
    const role_constraints = { r: { groups: groups.map((list) => ({ attribute_constraints: list })) } };
    return isExcluded({ role_constraints } as never, 'r', info);
  };
  const rack = (value: string) => ({
    selector: { attribute_name: 'rack' },
    predicate: { text_equals: { value } },
  });

  it('look at the first attribute of a name', () => {
    assert.deepEqual([excluded([rack('r1')]), excluded([rack('r2')])], [false, true]);
  });

  it('need one group of which everything holds', () => {
    assert.deepEqual(
      [excluded([rack('r2')], [rack('r1')]), excluded([rack('r1'), rack('r2')])],
      [false, true],
    );
  });

  it('say nothing of other roles', () => {
    const role_constraints = { other: { groups: [{ attribute_constraints: [rack('r9')] }] } };
    assert.equal(isExcluded({ role_constraints }, 'r', info), false);
  });
});

describe('resources of frameworks without RESERVATION_REFINEMENT', () => {
  it('carry the one reservation in the old form, there and back', () => {
    const plain = { name: 'cpus', type: 'SCALAR' as const, scalar: { value: 1 } };
    const dynamic = { ...plain, reservations: [{ type: 'DYNAMIC' as const, role: 'r', principal: 'p' }] };
    const fixed = { ...plain, reservations: [{ type: 'STATIC' as const, role: 'r' }] };
    assert.deepEqual(downgradeResource(dynamic), { ...plain, role: 'r', reservation: { principal: 'p' } });
    assert.deepEqual(downgradeResource(plain), { ...plain, role: '*' });
    for (const resource of [plain, dynamic, fixed])
      assert.deepEqual(upgradeResource(downgradeResource(resource)), resource);
  });
});
