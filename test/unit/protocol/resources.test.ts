import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Resource } from '../../../protocol/mesos/resource.ts';
import {
  addResources,
  containsResources,
  identityOf,
  offeredPorts,
  subtractResources,
  sumResources,
  takePorts,
  takeScalar,
  totalMilli,
} from '../../../protocol/resources.ts';

const scalar = fc.record({
  name: fc.constantFrom('cpus', 'mem', 'disk'),
  type: fc.constant('SCALAR' as const),
  scalar: fc.record({ value: fc.integer({ min: 1, max: 100_000 }).map((milli) => milli / 1000) }),
  allocation_info: fc.record({ role: fc.constantFrom('a', 'b/c') }),
});
const ports = fc.record({
  name: fc.constant('ports'),
  type: fc.constant('RANGES' as const),
  ranges: fc.record({
    range: fc.array(
      fc
        .tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 20 }))
        .map(([begin, length]) => ({ begin, end: begin + length })),
      { minLength: 1, maxLength: 4 },
    ),
  }),
});
/** Cloned: fast-check's records lack a prototype, which a sum of two has. */
const resources: fc.Arbitrary<Resource[]> = fc
  .array(fc.oneof(scalar, ports), { maxLength: 6 })
  .map((all) => structuredClone(all));

function canonical(list: readonly Resource[]): Resource[] {
  return sumResources(list).sort((a, b) => (identityOf(a) < identityOf(b) ? -1 : 1));
}

/** Without ports that both sides hold: a set has no multiplicity, so a+b-b loses them. */
function scalarsOnly(list: readonly Resource[]): Resource[] {
  return list.filter((resource) => resource.type === 'SCALAR');
}

describe('resource algebra', () => {
  it('a + b - b = a for scalars', () => {
    fc.assert(
      fc.property(resources, resources, (a, b) => {
        const [left, right] = [scalarsOnly(a), scalarsOnly(b)];
        assert.deepEqual(canonical(subtractResources(addResources(left, right), right)), canonical(left));
      }),
    );
  });

  it('a sum contains both of its parts', () => {
    fc.assert(
      fc.property(resources, resources, (a, b) => {
        const sum = addResources(a, b);
        assert.ok(containsResources(sum, a) && containsResources(sum, b));
      }),
    );
  });

  it('taken ports are exactly those asked for, and leave the rest', () => {
    fc.assert(
      fc.property(
        fc.array(ports, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 220 }),
        (list, port) => {
          const offered = offeredPorts(list).some((range) => range.begin <= port && port <= range.end);
          const taken = takePorts(list, [port]);
          assert.equal(taken !== undefined, offered);
          if (taken === undefined) return;
          assert.deepEqual(offeredPorts(taken), [{ begin: port, end: port }]);
          assert.equal(takePorts(subtractResources(list, taken), [port]), undefined);
        },
      ),
    );
  });

  it('takes a scalar from several entries, thousandth by thousandth', () => {
    const list: Resource[] = [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 }, reservations: [{ type: 'STATIC', role: 'a' }] },
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.2 } },
    ];
    assert.equal(totalMilli(takeScalar(list, 'cpus', 300) ?? [], 'cpus'), 300);
    assert.equal(takeScalar(list, 'cpus', 301), undefined);
    assert.equal(takeScalar(list, 'cpus', 250)?.length, 2);
  });

  it('never mixes reserved with unreserved', () => {
    const reserved: Resource = {
      name: 'mem',
      type: 'SCALAR',
      scalar: { value: 64 },
      reservations: [{ type: 'DYNAMIC', role: 'a' }],
    };
    const plain: Resource = { name: 'mem', type: 'SCALAR', scalar: { value: 64 } };
    assert.equal(containsResources([reserved], [plain]), false);
    assert.equal(sumResources([reserved, plain]).length, 2);
  });

  it('splits a port range around the port that is taken', () => {
    const list: Resource[] = [{ name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1, end: 5 }] } }];
    const rest = subtractResources(list, takePorts(list, [3]) ?? []);
    assert.deepEqual(offeredPorts(rest), [
      { begin: 1, end: 2 },
      { begin: 4, end: 5 },
    ]);
  });
});
