/** An instance that does not become ready, or does not stay so, under a new version halts the rollout of it. */
import { findComponent } from '../components.ts';
import type { Draft } from '../draft.ts';
import type { EngineState } from '../engine-state.ts';
import type { InstanceRecord } from '../instance.ts';
import { ONE_BY_ONE } from './component-progress.ts';
import { getTarget } from './configuration-version.ts';
import type { Rollout } from './rollout-facts.ts';

const MAX_FAILURES = 1;
/** Kept of those that are told; the count goes on in the log. */
const MOST_KEPT = 20;

/** Its task was of the target. One without a task is always launched as the target says. */
function isOfVersion(
  { unwell }: Rollout,
  { name, task }: InstanceRecord,
  digest: string | undefined,
): boolean {
  return (task === undefined || task.configuration === digest) && !unwell.includes(name);
}

/** A task that was dropped or evicted is none that failed; a launch that cannot be made is like one. */
function hasFailed(before: InstanceRecord, after: InstanceRecord | undefined): boolean {
  if (after === undefined) return false;
  const isRefused = after.phase === 'refused' && before.phase !== 'refused';
  return isRefused || after.recentFailures !== before.recentFailures;
}

function listFailed({ instances, facts }: EngineState, after: EngineState): InstanceRecord[] {
  const { rollout } = after.facts;
  const target = getTarget(facts.versions);
  if (rollout === undefined || instances === after.instances) return [];
  const changed = after.instances.listChanged(instances).flatMap((name) => instances.get(name) ?? []);
  return changed.filter(
    (before) =>
      isOfVersion(rollout, before, target?.components[before.component]?.digest) &&
      hasFailed(before, after.instances.get(before.name)),
  );
}

function toLimit({ settings }: EngineState, component: string): number {
  const { rollout = ONE_BY_ONE } = findComponent(settings.spec, component) ?? {};
  return rollout.maxFailures ?? MAX_FAILURES;
}

/** The last part of a step that may have ended tasks. */
export function noteRolloutFailures(draft: Draft, before: EngineState): void {
  for (const { name, component } of listFailed(before, draft.state)) {
    const rollout = draft.state.facts.rollout as Rollout;
    const message = draft.state.instances.get(name)?.lastMessage ?? 'it gave no reason';
    const failures = [...rollout.failures, { instance: name, atMs: draft.nowMs, message }].slice(-MOST_KEPT);
    const isHalted = failures.length >= toLimit(draft.state, component);
    draft.note({ rollout: { ...rollout, failures, ...(isHalted && { haltedAtMs: draft.nowMs }) } });
    if (isHalted && rollout.haltedAtMs === undefined)
      draft.log('error', 'halts the rollout: an instance failed under the new configuration', {
        instance: name,
        message,
        advice: 'resume the plan, or roll back',
      });
  }
}
