/**
 * What the engine must still know after a crash beside its instances: each fact is one record of the state store, written
 * when it changes and before anything is done by it. Unset: nothing was ever to be remembered.
 */
import type { RolloutFacts } from './rollout/rollout-facts.ts';

import type { FailedTasks } from './failures/failed-tasks.ts';
import type { FailuresByHost } from './failures/host-failures.ts';

/** A reservation or volume of ours that no instance has any more: it is given back when Mesos offers it. */
export interface ReleasedResource {
  readonly id: string;
  readonly role: string;
  /** Where it lies, as far as is known. */
  readonly hostname?: string | undefined;
  /** Unset: the launch that should have made it may have come to nothing. */
  readonly seen?: true | undefined;
  readonly sinceMs: number;
  /** When Mesos was last told. */
  readonly sentAtMs?: number | undefined;
}

export interface EngineFacts extends RolloutFacts {
  /** A teardown that was ordered goes on after a restart. */
  readonly teardown?: { readonly graceMs: number; readonly keepVolumes?: boolean | undefined } | undefined;
  /** Marks the reservations of this state; made with the first of them. */
  readonly reservationOwner?: { readonly id: string } | undefined;
  readonly released?: readonly ReleasedResource[] | undefined;
  /** Hosts on which tasks failed, some of them avoided. */
  readonly agents?: FailuresByHost | undefined;
  /** Hosts that operators took out of use. */
  readonly drained?: Readonly<Record<string, { readonly sinceMs: number }>> | undefined;
  /** Kept while there is a limit. */
  readonly failedTasks?: FailedTasks | undefined;
}

export type FactName = keyof EngineFacts;

/** Compared by identity: whoever changes a fact makes a new one. */
export function listChangedFacts(before: EngineFacts, after: EngineFacts): EngineFacts {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<FactName>;
  return Object.fromEntries(
    [...names].filter((name) => before[name] !== after[name]).map((name) => [name, after[name]]),
  );
}
