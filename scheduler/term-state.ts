/** What one time of leading begins with: the state, and the configuration that is in force. */
import { type ChosenConfiguration, chooseConfiguration } from './configuration-choice.ts';
import { listKeptSnapshots } from './core/rollout/configuration-version.ts';
import { toRemembered } from './core/teardown.ts';
import type { Term } from './leadership/leadership.ts';
import type { Logger } from './log.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import { type SchedulerState, openSchedulerState, toRecordChanges } from './state/scheduler-state.ts';

interface StateParts {
  readonly term: Term;
  readonly options: SchedulerOptions;
  readonly log: Logger;
}

/** The framework is gone with its tasks; what lies on hosts is remembered. */
async function forgetFramework({ term, log }: StateParts, state: SchedulerState): Promise<void> {
  const { frameworkId, instances } = state.stored;
  log.warn({ frameworkId }, 'forgets the framework and its tasks, as asked');
  const changed = instances.map((instance) => toRemembered(instance, Date.now()));
  await term.records.write(
    toRecordChanges({ frameworkId: null, changed, removed: [], facts: { teardown: undefined } }),
  );
}

/** As the scheduler before left it, or without its framework where the operator says so. */
export async function openTermState(parts: StateParts): Promise<SchedulerState> {
  const { records, place } = parts.term;
  const { configuration, newFramework } = parts.options;
  const state = await openSchedulerState(records, configuration.cluster, place);
  if (newFramework !== true || state.stored.frameworkId === undefined) return state;
  await forgetFramework(parts, state);
  return await openSchedulerState(records, configuration.cluster, place);
}

/** The snapshot is stored before anything refers to it. */
export async function settleConfiguration(
  { configuration, framework }: SchedulerOptions,
  state: SchedulerState,
): Promise<ChosenConfiguration> {
  const chosen = chooseConfiguration({ source: configuration, framework, state });
  const { versions = [], rollback } = state.stored.facts ?? {};
  const rolledBack = rollback === undefined ? [] : [rollback.from, rollback.to];
  await state.persistSnapshot(chosen.digest, chosen.snapshot, [
    ...listKeptSnapshots(versions),
    ...rolledBack,
  ]);
  return chosen;
}
