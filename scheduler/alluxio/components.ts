/** What master and worker components are made from, and what both have in common. */
import { StevedoreError } from '../../protocol/errors.ts';
import type { ComponentSpec, PortRequest } from '../core/service-spec.ts';
import { describePlacement } from '../options/placement-options.ts';
import { describeRole } from '../options/role-options.ts';
import { describeRollout } from '../options/rollout-options.ts';
import type { ClusterProperties } from './cluster-properties.ts';
import type { Distribution } from './distribution.ts';
import type { COMPONENTS } from './framework-options.ts';
import type { JavaRuntime } from './java-runtime.ts';
import type { ALLUXIO_OPTIONS } from './option-table.ts';
import type { AlluxioSettings } from './settings.ts';

export interface ComponentContext {
  readonly settings: AlluxioSettings;
  readonly distribution: Distribution;
  readonly java: JavaRuntime;
  readonly cluster: ClusterProperties;
  /** Artifacts that every task gets. */
  readonly artifacts: readonly string[];
}

export const KILL_GRACE_MS = 30_000;
export const READY_DEADLINE_MS = 180_000;

/** What the operator decides about a component, whatever it is. */
export function describeOperation(
  { values }: AlluxioSettings,
  component: (typeof COMPONENTS)[number],
): Pick<ComponentSpec, 'role' | 'placement' | 'rollout'> {
  const [role, placement] = [describeRole(values, component), describePlacement(values, component)];
  return {
    ...(role !== undefined && { role }),
    ...(placement && { placement }),
    rollout: describeRollout(values, component),
  };
}

const MIB = 1024 * 1024;
/** What a JVM of Alluxio takes before it does anything, measured with 2.9.6. */
const LEAST_MEM_MIB = 384;

/** Whole MiB of a memory option, enough for a JVM. @throws StevedoreError ERR_ALLUXIO_MEMORY */
export function checkMemory(key: string, bytes: number): number {
  const memMiB = Math.floor(bytes / MIB);
  if (memMiB < LEAST_MEM_MIB)
    throw new StevedoreError('ERR_ALLUXIO_MEMORY', { key, memMiB, leastMiB: LEAST_MEM_MIB });
  return memMiB;
}

type PortOption = {
  [N in keyof typeof ALLUXIO_OPTIONS]: N extends `${string}Port` ? N : never;
}[keyof typeof ALLUXIO_OPTIONS];

/** A port that was set is required; 0 means any, as for Alluxio. */
export function requestPort(settings: AlluxioSettings, name: string, option: PortOption): PortRequest {
  const resolved = settings.options.find((candidate) => candidate.name === option);
  const configured = Number(settings.values[option]);
  const required = settings.isSet(option) && configured !== 0;
  const preferred = configured !== 0 ? configured : Number(resolved?.option.default);
  return { name, preferred, required, key: resolved?.option.key ?? option };
}
