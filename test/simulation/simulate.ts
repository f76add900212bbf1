/** One script against the engine, or a broken one. */
import type { ServiceSpec } from '../../scheduler/core/service-spec.ts';
import { makeComponent, makeSpec } from '../support/engine-world.ts';
import type { Script } from './script.ts';
import { SimulatedCluster, type SimulationStep } from './simulated-cluster.ts';

/** A part with state, workers, and two that may lie anywhere. */
function makeService(workers: number | 'every-agent'): ServiceSpec {
  return makeSpec(
    makeComponent({
      name: 'store',
      pinned: true,
      ports: [{ name: 'rpc', preferred: 31_100, required: false, key: 'store.port' }],
    }),
    makeComponent({
      name: 'worker',
      count: workers,
      uniqueHost: true,
      after: ['store'],
      ports: [{ name: 'rpc', preferred: 31_200, required: false, key: 'worker.port' }],
    }),
    makeComponent({ name: 'proxy', count: 2, after: ['store'] }),
  );
}

/** One that follows the agents wants offers for ever; one of fixed size suppresses them when it is complete. */
const SERVICES = { following: makeService('every-agent'), fixed: makeService(3) } as const;

export async function simulate(script: Script, step?: SimulationStep): Promise<SimulatedCluster> {
  const cluster = new SimulatedCluster(SERVICES[script.service], script.seed, step);
  await cluster.play(script);
  return cluster;
}
