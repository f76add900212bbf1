import assert from 'node:assert/strict';
import fc from 'fast-check';
import { containsResources, offeredPorts, totalMilli } from '../../../../../protocol/resources.ts';
import {
  type PlacementRequest,
  evaluateOffer,
} from '../../../../../scheduler/core/offers/offer-evaluator.ts';
import type { PortRequest } from '../../../../../scheduler/core/service-spec.ts';
import { makeComponent, makeOffer, portRanges, scalar } from '../../../../support/engine-world.ts';

function request(changes: Partial<PlacementRequest> = {}): PlacementRequest {
  return {
    instance: 'worker-0',
    component: makeComponent(),
    role: 'r',
    takenHosts: new Set(),
    keptPorts: {},
    avoidedPorts: new Set(),
    ...changes,
  };
}

function port(name: string, preferred: number, required = false): PortRequest {
  return { name, preferred, required, key: `alluxio.${name}.port` };
}

function withPorts(ports: PortRequest[], changes: Partial<PlacementRequest> = {}): PlacementRequest {
  return request({ component: makeComponent({ ports }), ...changes });
}

function offerPorts(...ranges: readonly (readonly [number, number])[]) {
  return makeOffer('h1', [scalar('cpus', 4), scalar('mem', 4096), portRanges(...ranges)]);
}

function failures(wanted: PlacementRequest, offer = makeOffer('h1')): string[] {
  const { outcomes } = evaluateOffer(wanted, offer);
  return outcomes.filter(({ passes }) => !passes).map(({ reason }) => reason);
}

describe('offer evaluator', () => {
  it('takes what task and executor need, and no more', () => {
    const { placement } = evaluateOffer(request(), makeOffer('h1'));
    assert.equal(totalMilli(placement?.task ?? [], 'cpus'), 1000);
    assert.equal(totalMilli(placement?.executor ?? [], 'cpus'), 100);
    assert.equal(totalMilli(placement?.task ?? [], 'mem'), 512_000);
    assert.equal(totalMilli(placement?.executor ?? [], 'mem'), 160_000);
  });

  it('counts the executor in, and says so with numbers', () => {
    const offer = makeOffer('h1', [scalar('cpus', 1), scalar('mem', 512)]);
    assert.deepEqual(failures(request(), offer), [
      'needs 1.1 cpus (0.1 of them for the executor), offered 1',
      'needs 672 MiB of memory (160 of them for the executor), offered 512',
    ]);
  });

  it('names the key of a required port that is not offered', () => {
    const wanted = withPorts([port('master.rpc', 19_998, true)]);
    assert.deepEqual(failures(wanted, offerPorts([31_000, 32_000])), [
      'needs port 19998 (alluxio.master.rpc.port), offered 31000-32000',
    ]);
  });

  it('moves a port that is only preferred, and keeps it at the next launch', () => {
    const ports = [port('rpc', 19_998)];
    const moved = evaluateOffer(withPorts(ports), offerPorts([31_000, 31_005])).placement?.ports;
    assert.deepEqual(moved, { rpc: 31_000 });
    const kept = { keptPorts: { rpc: 31_004 } };
    assert.deepEqual(evaluateOffer(withPorts(ports, kept), offerPorts([31_000, 31_005])).placement?.ports, {
      rpc: 31_004,
    });
  });

  it('moves to the widest range and leaves the preferred ports of others alone', () => {
    const wanted = withPorts([port('web', 1)], { avoidedPorts: new Set([31_000]) });
    const { placement } = evaluateOffer(wanted, offerPorts([19_998, 20_000], [31_000, 31_100]));
    assert.deepEqual(placement?.ports, { web: 31_001 });
  });

  it('never gives one port twice', () => {
    const wanted = withPorts([port('a', 31_000), port('b', 31_000)]);
    assert.deepEqual(evaluateOffer(wanted, offerPorts([31_000, 31_001])).placement?.ports, {
      a: 31_000,
      b: 31_001,
    });
    assert.deepEqual(
      failures(withPorts([port('a', 31_000, true), port('b', 31_000, true)]), offerPorts([31_000, 31_001])),
      ['needs port 31000 (alluxio.b.port), which another port of the same task has'],
    );
  });

  it('refuses another role, host, bound host, and a host that has one already', () => {
    assert.match(failures(request({ role: 'x' }))[0] ?? '', /needs role x, offered to r/);
    assert.match(
      failures(request({ component: makeComponent({ hostname: 'h2' }) }))[0] ?? '',
      /needs host h2, offered h1/,
    );
    const bound = request({ boundHost: { hostname: 'h3', reason: 'its state lies there' } });
    assert.match(failures(bound)[0] ?? '', /needs host h3 \(its state lies there\), offered h1/);
    const unique = request({ component: makeComponent({ uniqueHost: true }), takenHosts: new Set(['h1']) });
    assert.match(failures(unique)[0] ?? '', /h1 has a worker already/);
  });

  it('takes reserved resources first and keeps their shape', () => {
    const reservations = [{ type: 'STATIC' as const, role: 'r' }];
    const resources = [scalar('cpus', 4), scalar('mem', 4096), scalar('cpus', 0.6, { reservations })];
    const { placement } = evaluateOffer(request(), makeOffer('h1', resources));
    assert.deepEqual(
      placement?.task
        .filter(({ name }) => name === 'cpus')
        .map((entry) => [entry.reservations, entry.scalar?.value]),
      [
        [reservations, 0.5],
        [undefined, 0.5],
      ],
    );
  });

  it('leaves alone what is revocable, a volume, or reserved for another framework', () => {
    const labels = { labels: [{ key: 'id', value: 'other' }] };
    const resources = [
      scalar('cpus', 8, { revocable: {} }),
      scalar('cpus', 8, { reservations: [{ type: 'DYNAMIC', role: 'r', labels }] }),
      scalar('mem', 4096),
    ];
    assert.match(failures(request(), makeOffer('h1', resources))[0] ?? '', /offered 0$/);
  });

  it('never takes more than was offered', () => {
    const amount = fc.integer({ min: 0, max: 5000 });
    fc.assert(
      fc.property(
        amount,
        amount,
        amount,
        fc.integer({ min: 1, max: 6 }),
        (cpusMilli, memMiB, offered, width) => {
          const offer = makeOffer('h1', [
            scalar('cpus', offered / 1000),
            scalar('cpus', 0.3, { reservations: [{ type: 'STATIC', role: 'r' }] }),
            scalar('mem', 3000),
            portRanges([100, 99 + width]),
          ]);
          const ports = [port('a', 100), port('b', 7), port('c', 103)];
          const component = makeComponent({ resources: { cpusMilli, memMiB, diskMiB: 0 }, ports });
          const { placement } = evaluateOffer(request({ component }), offer);
          const fits = cpusMilli + 100 <= offered + 300 && memMiB + 160 <= 3000 && width >= 3;
          assert.equal(placement !== undefined, fits);
          if (placement === undefined) return;
          const taken = [...placement.task, ...placement.executor];
          assert.ok(containsResources(offer.resources ?? [], taken));
          assert.equal(new Set(Object.values(placement.ports)).size, 3);
          const held = offeredPorts(taken).reduce((sum, { begin, end }) => sum + end - begin + 1, 0);
          assert.equal(held, 3);
        },
      ),
    );
  });
});
