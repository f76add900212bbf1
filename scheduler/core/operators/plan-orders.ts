/** Orders that concern the rollout as a whole. Each is a fact before anything is done by it. */
import { findComponent } from '../components.ts';
import type { Draft } from '../draft.ts';
import { listAwaiting } from '../rollout/follow-rollout.ts';
import { findFormer, getTarget } from '../rollout/configuration-version.ts';
import { completeInstances, scaleSpec, stopSurplus } from '../rollout/wanted-instances.ts';

export function pausePlan(draft: Draft): void {
  draft.note({ planPaused: { sinceMs: draft.nowMs } });
}

/** What is paused or halted goes on; else a canary is approved: one order does one thing. */
export function resumePlan(draft: Draft): void {
  const { rollout } = draft.state.facts;
  const isHeld = draft.state.facts.planPaused !== undefined || rollout?.haltedAtMs !== undefined;
  draft.note({ planPaused: undefined });
  if (rollout === undefined) return;
  const fresh = isHeld ? [] : listAwaiting(draft.state);
  const approved = [...rollout.approved, ...fresh];
  draft.note({ rollout: { ...rollout, approved, failures: [], haltedAtMs: undefined } });
}

/** What was left is noted at once: a start in between goes back as well. */
export function rollBack(draft: Draft): void {
  const { versions } = draft.state.facts;
  const [target, former] = [getTarget(versions), findFormer(versions)];
  if (target === undefined || former === undefined) return;
  draft.log('warn', 'goes back to the configuration before, as an operator ordered', {
    from: target.digest,
    to: former.digest,
  });
  draft.note({ rollback: { from: target.snapshot, to: former.snapshot } });
  draft.add({ kind: 'prepare-configuration', snapshot: former.snapshot });
}

export function failRollback(draft: Draft, problem: string): void {
  draft.log('error', 'the configuration before cannot be made ready; the present one stays', { problem });
  draft.note({ rollback: undefined });
}

export function restartAll(draft: Draft, component: string | undefined): void {
  const { components } = draft.state.settings.spec;
  const names = component === undefined ? components.map(({ name }) => name) : [component];
  const ordered = Object.fromEntries(names.map((name) => [name, draft.nowMs]));
  draft.note({ restarts: { ...draft.state.facts.restarts, ...ordered } });
}

/** The count of the configuration takes the override away. */
function withScale(draft: Draft, component: string, count: number) {
  const { [component]: _former, ...others } = draft.state.facts.scale ?? {};
  const configured = findComponent(draft.state.configured, component)?.count;
  if (typeof configured !== 'number' || configured === count) return others;
  return { ...others, [component]: { count, configured } };
}

export function scaleComponent(draft: Draft, component: string, count: number): void {
  const scale = withScale(draft, component, count);
  draft.note({ scale: Object.keys(scale).length === 0 ? undefined : scale });
  const { settings, configured } = draft.state;
  draft.state = { ...draft.state, settings: { ...settings, spec: scaleSpec(configured, scale) } };
  completeInstances(draft);
  stopSurplus(draft);
}
