/** `maximum-failed-tasks` as Flink had it: so many tasks may fail in all; one more and the service is given up. */
import type { ServiceSpec } from '../service-spec.ts';
import { type FailureRecord, renderFailure } from './failure-record.ts';

export interface FailedTask extends FailureRecord {
  readonly instance: string;
}

export interface FailedTasks {
  readonly count: number;
  /** The last ones, oldest first. */
  readonly recent: readonly FailedTask[];
  /** When there were too many. It outlives the teardown, so that a later start can say what happened. */
  readonly exceeded?: { readonly atMs: number; readonly maximum: number } | undefined;
}

/** A number, -1 for any number, or as many as there are workers at first: the sum of all fixed counts. */
export type MaximumFailedTasks = number | 'initial-workers';

const KEPT = 20;

/** Infinity: any number may fail. */
export function resolveMaximum(maximum: MaximumFailedTasks | undefined, spec: ServiceSpec): number {
  if (maximum === 'initial-workers')
    return spec.components.reduce((sum, { count }) => sum + (count === 'every-agent' ? 0 : count), 0);
  return maximum === undefined || maximum < 0 ? Number.POSITIVE_INFINITY : maximum;
}

export function addFailedTask(known: FailedTasks | undefined, failed: FailedTask): FailedTasks {
  return { count: (known?.count ?? 0) + 1, recent: [...(known?.recent ?? []), failed].slice(-KEPT) };
}

/** `worker-1 on h2: exit 1: no journal folder`, one for each. */
export function renderFailedTasks({ recent }: FailedTasks): string[] {
  return recent.map((failed) => `${failed.instance} on ${failed.hostname}: ${renderFailure(failed)}`);
}
