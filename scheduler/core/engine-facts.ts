/**
 * What the engine must still know after a crash beside its instances: each fact is one record of the state store, written
 * when it changes and before anything is done by it. Unset: nothing was ever to be remembered.
 */

import type { FailedTasks } from './failures/failed-tasks.ts';
import type { FailuresByHost } from './failures/host-failures.ts';

export interface EngineFacts {
  /** A teardown that was ordered goes on after a restart. */
  readonly teardown?: { readonly graceMs: number } | undefined;
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
