/** Amounts: cpus, memory, disk, and whatever else agents count. */
import type { Resource } from '../../../protocol/mesos/resource.ts';
import { subtractResources, takeScalar, totalMilli } from '../../../protocol/resources.ts';
import { EXECUTOR_RESOURCES, type ResourceRequest } from '../service-spec.ts';
import type { Stage, StageOutcome } from './offer-evaluator.ts';

interface ScalarNeed {
  readonly name: string;
  readonly stage: Stage;
  readonly milli: number;
  readonly unit: string;
}

function listNeeds({ cpusMilli, memMiB, diskMiB, others = {} }: ResourceRequest): ScalarNeed[] {
  return [
    { name: 'cpus', stage: 'cpus', milli: cpusMilli, unit: 'cpus' },
    { name: 'mem', stage: 'mem', milli: memMiB * 1000, unit: 'MiB of memory' },
    { name: 'disk', stage: 'disk', milli: diskMiB * 1000, unit: 'MiB of disk' },
    ...Object.entries(others).map(([name, amount]) => ({
      name,
      stage: `resource:${name}` as const,
      milli: Math.round(amount * 1000),
      unit: name,
    })),
  ];
}

const EXECUTOR_NEEDS = new Map(listNeeds(EXECUTOR_RESOURCES).map(({ name, milli }) => [name, milli]));

export function judgeScalars(request: ResourceRequest, usable: readonly Resource[]): StageOutcome[] {
  return listNeeds(request).map(({ name, stage, milli, unit }) => {
    const ours = EXECUTOR_NEEDS.get(name) ?? 0;
    const need = milli + ours;
    const offered = totalMilli(usable, name);
    const included = ours > 0 ? ` (${ours / 1000} of them for the executor)` : '';
    const reason = `needs ${need / 1000} ${unit}${included}, offered ${offered / 1000}`;
    if (name === 'gpus' && need % 1000 !== 0)
      return { stage, passes: false, reason: `${reason}, and Mesos gives whole ones only` };
    return offered >= need
      ? { stage, passes: true, reason }
      : { stage, passes: false, reason, miss: (need - offered) / need };
  });
}

export interface TakenScalars {
  readonly taken: Resource[];
  readonly rest: Resource[];
}

/** From the first entries that have some. Judge before: what is not there is not taken. */
export function takeScalars(from: readonly Resource[], request: ResourceRequest): TakenScalars {
  let rest = [...from];
  const taken: Resource[] = [];
  for (const { name, milli } of listNeeds(request)) {
    const pieces = takeScalar(rest, name, milli) ?? [];
    taken.push(...pieces);
    if (pieces.length > 0) rest = subtractResources(rest, pieces);
  }
  return { taken, rest };
}
