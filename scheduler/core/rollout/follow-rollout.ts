/**
 * Brings running instances to what is wanted now, component by component: a configuration, an address or an operator's
 * order that changed are one mechanism, so that nothing is restarted twice or too many at a time.
 */
import { findComponent } from '../components.ts';
import type { Draft } from '../draft.ts';
import { orderComponents } from '../plan.ts';
import type { ServiceSpec } from '../service-spec.ts';
import {
  type ComponentProgress,
  type StaleInstance,
  selectNext,
  viewProgress,
} from './component-progress.ts';
import { getTarget } from './configuration-version.ts';

/** All that a component waits for, directly or not. */
function listUpstream(spec: ServiceSpec, name: string, seen: Set<string> = new Set()): Set<string> {
  const component = findComponent(spec, name);
  for (const other of component?.after ?? [])
    if (!seen.has(other)) listUpstream(spec, other, seen.add(other));
  return seen;
}

function isSettled({ stale, moving }: ComponentProgress): boolean {
  return stale.length === 0 && moving.length === 0;
}

/** Components of which instances may be restarted now: nothing is in motion before them. */
export function listFree(spec: ServiceSpec, progress: readonly ComponentProgress[]): ComponentProgress[] {
  const unsettled = progress.filter((one) => !isSettled(one)).map(({ component }) => component.name);
  return progress.filter(({ component }) => {
    const upstream = listUpstream(spec, component.name);
    return !unsettled.some((name) => upstream.has(name));
  });
}

export function viewAllProgress(state: Draft['state'], nowMs: number): ComponentProgress[] {
  return orderComponents(state.settings.spec).map((component) => viewProgress(state, component, nowMs));
}

/** Components whose canary runs and waits for an operator; whether it is stable yet is for him to judge. */
export function listAwaiting(state: Draft['state']): string[] {
  return viewAllProgress(state, Number.POSITIVE_INFINITY)
    .filter(({ awaitsApproval, moving }) => awaitsApproval && moving.length === 0)
    .map(({ component }) => component.name);
}

function restart(draft: Draft, { instance, reasons }: StaleInstance): void {
  draft.log('info', 'restarts an instance: it is not what is wanted now', {
    instance: instance.name,
    reasons: reasons.join('; '),
  });
  const restartedFor = getTarget(draft.state.facts.versions)?.components[instance.component]?.digest;
  draft.put({ ...instance, restartedFor });
  draft.apply(instance.name, { kind: 'restart' });
}

function finishRollout(draft: Draft, progress: readonly ComponentProgress[]): void {
  const { rollout } = draft.state.facts;
  if (rollout === undefined || !progress.every(isSettled)) return;
  draft.log('info', 'every instance runs under the new configuration', { version: rollout.version });
  draft.note({ rollout: undefined });
}

export function followRollout(draft: Draft): void {
  const { facts, settings } = draft.state;
  if (facts.planPaused !== undefined || facts.rollout?.haltedAtMs !== undefined) return;
  const progress = viewAllProgress(draft.state, draft.nowMs);
  for (const free of listFree(settings.spec, progress))
    for (const stale of selectNext(free)) restart(draft, stale);
  finishRollout(draft, progress);
}
