/** Runs a scheduler when it leads: at once where it is alone, in its turn where ZooKeeper keeps the state of several. */
import { openSqliteState } from '../state/state-access.ts';
import type { SqliteLocation } from '../state/state-location.ts';
import type { LeadershipHooks, LeadershipOptions, RunTerm } from './leadership.ts';
import { runTerms } from './terms.ts';

async function runAlone(
  location: SqliteLocation,
  { cluster, signal }: { cluster: string; signal: AbortSignal },
  run: RunTerm,
): Promise<number> {
  const { records, place, close } = openSqliteState(location, cluster);
  try {
    return await run({
      records,
      place,
      signal,
      confirmLeadership: async () => true,
      listOthers: () => [],
    });
  } finally {
    await close();
  }
}

/**
 * The exit status of the last term, or 0 when the signal came while another scheduler led. After a loss of leadership it
 * waits until the run has stopped, then stands by again with nothing of the former term.
 * @throws what opening the state throws, and ERR_LEADER_STUCK: then the process must end
 */
export async function runWithLeadership(
  options: LeadershipOptions,
  hooks: LeadershipHooks,
  run: RunTerm,
): Promise<number> {
  const { location, cluster } = options;
  if (location.kind === 'sqlite') return await runAlone(location, { cluster, signal: hooks.signal }, run);
  return await runTerms({ ...options, location }, hooks, run);
}
