/** The plan as operators see it: which instance is changed next, why, and what holds the rollout up. */
import type { EngineState } from '../engine-state.ts';
import { toPlanPhase } from '../plan.ts';
import { type ComponentProgress, ONE_BY_ONE } from './component-progress.ts';
import { type ConfigurationVersion, getTarget } from './configuration-version.ts';
import { listAwaiting, listFree, viewAllProgress } from './follow-rollout.ts';
import { listSteps } from './plan-steps.ts';
import { renderStrategy } from './rollout-rule.ts';

export type RolloutPhase =
  /** Everything runs as configured. */
  | 'complete'
  /** Instances are launched that have none or lost theirs; nothing that runs is changed. */
  | 'deploying'
  | 'recovering'
  /** Instances that run are restarted under the target version. */
  | 'rolling-out'
  /** A canary is done; `resume-plan` goes on. */
  | 'waiting'
  /** An instance failed under the target version; `resume-plan` or `rollback`. */
  | 'halted'
  /** By an operator; `resume-plan` goes on. */
  | 'paused'
  /** Mesos or the service refused a launch. */
  | 'blocked'
  | 'tearing-down';

export interface VersionReport {
  /** Hex; the first eight digits are what people compare. */
  readonly digest: string;
  readonly sinceMs: number;
}

export type StepStatus = 'pending' | 'blocked' | 'starting' | 'complete' | 'failed' | 'paused';

export type StepAction = 'launch' | 'restart' | 'remove' | 'none';

export interface PlanStep {
  readonly component: string;
  readonly instance: string;
  readonly status: StepStatus;
  readonly action: StepAction;
  /** What differs, key by key, then what holds the step up. */
  readonly reasons: readonly string[];
}

export interface PlanReport {
  readonly phase: RolloutPhase;
  /** By component: `serial`, `parallel 3`, `canary`. */
  readonly strategy: Readonly<Record<string, string>>;
  /** Everything ran under it before; the target's own when nothing is to be changed. Unset: nothing ran before. */
  readonly version?: VersionReport | undefined;
  /** Unset until the configuration was read. */
  readonly target?: VersionReport | undefined;
  readonly paused: boolean;
  /** Why the phase is `waiting`, `halted` or `paused`. */
  readonly held?: string | undefined;
  /** Why the configuration that was given is not used; the target is the former one then. */
  readonly refused?: readonly string[] | undefined;
  /** In the order in which components are changed. */
  readonly steps: readonly PlanStep[];
}

function findHold({ facts }: EngineState, awaiting: readonly string[]): Pick<PlanReport, 'held'> {
  const { planPaused, rollout } = facts;
  if (planPaused !== undefined) return { held: 'an operator paused the plan' };
  const failure = rollout?.failures.at(-1);
  if (rollout?.haltedAtMs !== undefined)
    return {
      held: `halted: ${failure?.instance} failed under the new configuration: ${failure?.message}. Resume the plan, or roll back`,
    };
  if (awaiting.length === 0) return {};
  return { held: `the canary of ${awaiting.join(', ')} runs; resume the plan, or roll back` };
}

function findPhase(
  state: EngineState,
  progress: readonly ComponentProgress[],
  isAwaiting: boolean,
): RolloutPhase {
  const { facts, settings, instances, mode } = state;
  if (mode !== 'running') return 'tearing-down';
  if (facts.rollout?.haltedAtMs !== undefined) return 'halted';
  const isStale = progress.some(({ stale }) => stale.length > 0);
  if (facts.planPaused !== undefined && isStale) return 'paused';
  const isMoving = progress.some(({ moving }) => moving.length > 0);
  if (isAwaiting && !isMoving) return 'waiting';
  if (isStale || (facts.rollout !== undefined && isMoving)) return 'rolling-out';
  return toPlanPhase(settings.spec, instances);
}

function toVersionReport(version: ConfigurationVersion | undefined): VersionReport | undefined {
  return version && { digest: version.digest, sinceMs: version.sinceMs };
}

/** The phase alone. */
export function toRolloutPhase(state: EngineState, nowMs: number): RolloutPhase {
  return findPhase(state, viewAllProgress(state, nowMs), listAwaiting(state).length > 0);
}

/** Pure; for the API, and for a plan that is looked at before it is applied. */
export function toPlanReport(state: EngineState, nowMs: number): PlanReport {
  const progress = viewAllProgress(state, nowMs);
  const { facts, settings, refused } = state;
  const awaiting = listAwaiting(state);
  const { held } = findHold(state, awaiting);
  const phase = findPhase(state, progress, awaiting.length > 0);
  const isHeld = facts.planPaused !== undefined || facts.rollout?.haltedAtMs !== undefined;
  const target = getTarget(facts.versions);
  const rules = settings.spec.components.map(({ name, rollout = ONE_BY_ONE }) => [
    name,
    renderStrategy(rollout.strategy),
  ]);
  return {
    phase,
    strategy: Object.fromEntries(rules) as Record<string, string>,
    version: toVersionReport(facts.rollout === undefined ? target : facts.versions?.at(-2)),
    target: toVersionReport(target),
    paused: facts.planPaused !== undefined,
    held: phase === 'rolling-out' ? undefined : held,
    refused,
    steps: listSteps({
      state,
      progress,
      free: listFree(settings.spec, progress),
      held: isHeld ? held : undefined,
      nowMs,
    }),
  };
}
