import assert from 'node:assert/strict';
import type { Resource } from '../../../../../protocol/mesos/resource.ts';
import { totalMilli } from '../../../../../protocol/resources.ts';
import { evaluateOffer } from '../../../../../scheduler/core/offers/offer-evaluator.ts';
import type { ComponentSpec } from '../../../../../scheduler/core/service-spec.ts';
import { makeComponent, makeOffer, portRanges, scalar } from '../../../../support/engine-world.ts';

function evaluate(component: ComponentSpec, resources: readonly Resource[], role = 'r') {
  const request = {
    instance: 'worker-0',
    component,
    role,
    takenHosts: new Set<string>(),
    keptPorts: {},
    avoidedPorts: new Set<number>(),
  };
  const offer = { ...makeOffer('h1', resources), allocation_info: { role } };
  return evaluateOffer(request, offer);
}

function failuresOf(component: ComponentSpec, resources: readonly Resource[]): string[] {
  return evaluate(component, resources).outcomes.flatMap(({ passes, stage, reason }) =>
    passes ? [] : [`${stage}: ${reason}`],
  );
}

const PLAIN = [scalar('cpus', 4), scalar('mem', 4096)];

describe('resources of an offer', () => {
  it('hold further scalars by name, each with its stage and reason', () => {
    const resources = { cpusMilli: 100, memMiB: 100, diskMiB: 0, others: { gpus: 2, 'fpga.slots': 0.5 } };
    const component = makeComponent({ resources });
    assert.deepEqual(failuresOf(component, [...PLAIN, scalar('gpus', 1)]), [
      'resource:gpus: needs 2 gpus, offered 1',
      'resource:fpga.slots: needs 0.5 fpga.slots, offered 0',
    ]);
    const full = [...PLAIN, scalar('gpus', 4), scalar('fpga.slots', 1)];
    const { placement } = evaluate(component, full);
    assert.deepEqual(
      [totalMilli(placement?.task ?? [], 'gpus'), totalMilli(placement?.task ?? [], 'fpga.slots')],
      [2000, 500],
    );
  });

  it('hold whole gpus only, which is said', () => {
    const resources = { cpusMilli: 100, memMiB: 100, diskMiB: 0, others: { gpus: 0.5 } };
    assert.deepEqual(failuresOf(makeComponent({ resources }), [...PLAIN, scalar('gpus', 1)]), [
      'resource:gpus: needs 0.5 gpus, offered 1, and Mesos gives whole ones only',
    ]);
  });

  it('are taken over the stack of a hierarchical role, each piece in its own shape', () => {
    const parent = { type: 'STATIC', role: 'eng' } as const;
    const own = { type: 'DYNAMIC', role: 'eng/data' } as const;
    const stack = [
      scalar('cpus', 0.5, { reservations: [parent] }),
      scalar('cpus', 0.3, { reservations: [parent, own] }),
      scalar('cpus', 4),
      scalar('mem', 4096),
    ].map((resource) => ({ ...resource, allocation_info: { role: 'eng/data' } }));
    const { placement } = evaluate(makeComponent(), stack, 'eng/data');
    const taken = [...(placement?.executor ?? []), ...(placement?.task ?? [])];
    const byDepth = (depth: number) =>
      totalMilli(
        taken.filter(({ reservations }) => (reservations?.length ?? 0) === depth),
        'cpus',
      );
    assert.deepEqual([byDepth(0), byDepth(1), byDepth(2)], [300, 500, 300]);
  });

  it('take ports from several entries, reserved ones first in their shape', () => {
    const reserved = { ...portRanges([80, 80]), reservations: [{ type: 'STATIC', role: 'r' }] } as const;
    const ports = [
      { name: 'web', preferred: 80, required: true, key: 'web.port' },
      { name: 'rpc', preferred: 31_000, required: false, key: 'rpc.port' },
    ];
    const offered = [...PLAIN, portRanges([31_000, 31_001]), reserved, portRanges([32_000, 32_001])];
    const { placement } = evaluate(makeComponent({ ports }), offered);
    assert.deepEqual(placement?.ports, { web: 80, rpc: 31_000 });
    const shapes = placement?.task.filter(({ name }) => name === 'ports');
    assert.deepEqual(
      shapes?.map(({ reservations, ranges }) => [reservations?.length ?? 0, ranges?.range?.[0]?.begin]),
      [
        [1, 80],
        [0, 31_000],
      ],
    );
  });

  it('of others are none: shared, of a storage provider, on a disk of its own', () => {
    const disks = [
      scalar('disk', 500, { shared: {} }),
      scalar('disk', 500, { provider_id: { value: 'csi' } }),
      scalar('disk', 500, { disk: { source: { type: 'MOUNT', mount: { root: '/data' } } } }),
    ];
    const component = makeComponent({ resources: { cpusMilli: 100, memMiB: 100, diskMiB: 10 } });
    assert.deepEqual(failuresOf(component, [...PLAIN, ...disks]), ['disk: needs 10 MiB of disk, offered 0']);
  });
});
