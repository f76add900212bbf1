/** The services of the simulation, each in two configurations. */
import { createHash } from 'node:crypto';
import type { GivenConfiguration } from '../../scheduler/core/rollout/apply-configuration.ts';
import { describeVersion } from '../../scheduler/core/rollout/configuration-description.ts';
import type { ComponentSpec, ServiceSpec } from '../../scheduler/core/service-spec.ts';
import { makeComponent, makeSpec } from '../support/engine-world.ts';
import type { Script, Variant } from './script.ts';

const MEMORY_MIB: Readonly<Record<Variant, number>> = { small: 512, large: 640 };

/** A part with state, workers, and some that may lie anywhere. */
function makeService(
  workers: ComponentSpec['count'],
  state: Partial<ComponentSpec>,
  memMiB: number,
): ServiceSpec {
  const resources = { cpusMilli: 1000, memMiB, diskMiB: 0 };
  return makeSpec(
    makeComponent({
      name: 'store',
      ports: [{ name: 'rpc', preferred: 31_100, required: false, key: 'store.port' }],
      ...state,
    }),
    makeComponent({
      name: 'worker',
      count: workers,
      uniqueHost: true,
      after: ['store'],
      ports: [{ name: 'rpc', preferred: 31_200, required: false, key: 'worker.port' }],
      resources,
    }),
    makeComponent({ name: 'proxy', count: 2, after: ['store'], resources }),
  );
}

const VOLUME = { name: 'data', sizeMiB: 100, disk: 'ROOT', containerPath: 'data' } as const;

/** One that follows the agents wants offers for ever; one of fixed size suppresses them when it is complete. */
function createService(kind: Script['service'], variant: Variant): ServiceSpec {
  const memMiB = MEMORY_MIB[variant];
  switch (kind) {
    case 'following':
      return makeService('every-agent', { pinned: true }, memMiB);
    case 'fixed':
      return makeService(3, { pinned: true }, memMiB);
    case 'volumes':
      return makeService(3, { volumes: [VOLUME] }, memMiB);
  }
}

export function createConfiguration(kind: Script['service'], variant: Variant): GivenConfiguration {
  const spec = createService(kind, variant);
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const description = describeVersion(spec, { snapshot: variant, user: 'u', artifactDigests: {}, hash });
  return { spec, description };
}
