/** Before the framework is removed, what it reserved is given back: nobody else would do it, and reservations outlive frameworks. */
import type { Draft } from '../draft.ts';
import type { ReleasedResource } from '../engine-facts.ts';

/** Mesos offers what a task used within seconds of its end. */
export const RELEASE_MS = 30_000;

function giveUpAll(draft: Draft): boolean {
  const holders = draft.state.instances.list().filter(({ reserved }) => reserved !== undefined);
  for (const instance of holders)
    draft.put({ ...instance, reserved: undefined, reservedSeen: undefined, formatted: [] });
  return holders.length > 0;
}

function explainRest(draft: Draft, rest: readonly ReleasedResource[]): void {
  for (const { id, role, hostname } of rest)
    draft.log('warn', 'was not offered in time and may be left on its agent', {
      id,
      role,
      host: hostname,
      advice: `start the cluster again on this state, which gives it back, or use the operator API's DESTROY_VOLUMES and UNRESERVE_RESOURCES on that agent`,
    });
}

/** True while the teardown has to wait. Called when the tasks have ended. */
export function awaitsRelease(draft: Draft): boolean {
  const { nowMs } = draft;
  const { facts } = draft.state;
  if (facts.teardown?.keepVolumes === true) return false;
  // What they held is in the books of what is to be given back at the end of this step.
  if (giveUpAll(draft)) return true;
  const rest = facts.released ?? [];
  if (rest.length === 0) return false;
  const deadlineMs = draft.state.releaseDeadlineMs ?? nowMs + RELEASE_MS;
  draft.state = { ...draft.state, releaseDeadlineMs: deadlineMs };
  if (nowMs < deadlineMs) return true;
  explainRest(draft, rest);
  return false;
}
