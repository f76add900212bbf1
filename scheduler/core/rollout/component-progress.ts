/** How far the rollout of one component is, and which of its instances may be restarted now. */
import type { EngineState } from '../engine-state.ts';
import type { InstanceRecord } from '../instance.ts';
import { listInstances } from '../plan.ts';
import type { ComponentSpec, RolloutRule } from '../service-spec.ts';
import { getTarget } from './configuration-version.ts';
import { createStalenessView, listStaleReasons } from './instance-staleness.ts';

/** One whose host is away must not hold up the others for ever, unless the rollout itself stopped it. */
const PATIENCE_MS = 120_000;
const STABLE_FOR_MS = 10_000;
/** So many failures in a row are a crash loop. */
export const CRASH_LOOP = 3;

export const ONE_BY_ONE: RolloutRule = { strategy: 'serial' };

export interface StaleInstance {
  readonly instance: InstanceRecord;
  readonly reasons: readonly string[];
}

export interface ComponentProgress {
  readonly component: ComponentSpec;
  readonly stale: readonly StaleInstance[];
  /** On their way to ready, or not stable yet. */
  readonly moving: readonly InstanceRecord[];
  /** A canary runs; an operator is asked before the others follow. */
  readonly awaitsApproval: boolean;
}

/** On a component that follows the agents one broken host must not stop all others. */
function isHostBroken({ facts }: EngineState, component: ComponentSpec, instance: InstanceRecord): boolean {
  const isOfRollout = facts.rollout?.failures.some((failure) => failure.instance === instance.name) === true;
  return component.count === 'every-agent' && instance.failures >= CRASH_LOOP && !isOfRollout;
}

function isStopped(state: EngineState, instance: InstanceRecord): boolean {
  const target = getTarget(state.facts.versions)?.components[instance.component]?.digest;
  return state.facts.rollout !== undefined && target !== undefined && instance.restartedFor === target;
}

function isMoving(
  state: EngineState,
  component: ComponentSpec,
  instance: InstanceRecord,
  nowMs: number,
): boolean {
  const { phase, paused, sinceMs, readySinceMs = sinceMs } = instance;
  if (paused === true || isHostBroken(state, component, instance)) return false;
  const stableForMs = component.rollout?.stableForMs ?? STABLE_FOR_MS;
  switch (phase) {
    case 'ready':
      return nowMs - readySinceMs < stableForMs;
    case 'waiting':
    case 'unreachable':
      return nowMs - sinceMs < PATIENCE_MS || isStopped(state, instance);
    case 'launching':
    case 'starting':
    case 'killing':
      return true;
    case 'refused':
    case 'stopped':
      return false;
  }
}

/** Addresses and orders concern every instance alike; a canary is for versions. */
function awaitsApproval(state: EngineState, component: ComponentSpec, done: number): boolean {
  const { rollout } = state.facts;
  if (component.rollout?.strategy !== 'canary' || rollout === undefined) return false;
  return done > 0 && !rollout.approved.includes(component.name);
}

export function viewProgress(state: EngineState, component: ComponentSpec, nowMs: number): ComponentProgress {
  const view = createStalenessView(state, component);
  const own = listInstances(state.instances, component.name).filter(({ afterKill }) => afterKill !== 'stop');
  const stale = own
    .map((instance) => ({ instance, reasons: listStaleReasons(view, instance) }))
    .filter(({ reasons }) => reasons.length > 0);
  const moving = own.filter((instance) => isMoving(state, component, instance, nowMs));
  const ready = (instance: InstanceRecord): boolean => instance.phase === 'ready';
  const done = own.filter(ready).length - stale.filter(({ instance }) => ready(instance)).length;
  return {
    component,
    stale,
    moving,
    awaitsApproval: stale.length > 0 && awaitsApproval(state, component, done),
  };
}

function toBudget({ component, moving, awaitsApproval: isHeld }: ComponentProgress): number {
  const { strategy } = component.rollout ?? ONE_BY_ONE;
  const most = typeof strategy === 'object' ? strategy.parallel : 1;
  return isHeld ? 0 : Math.max(0, most - moving.length);
}

/** One that is not ready serves nobody: it need not wait for its turn. */
export function selectNext(progress: ComponentProgress): readonly StaleInstance[] {
  const down = progress.stale.filter(
    ({ instance: { phase } }) => phase === 'launching' || phase === 'starting',
  );
  const ready = progress.stale.filter(({ instance: { phase } }) => phase === 'ready');
  return [...down, ...ready.slice(0, toBudget(progress))];
}
