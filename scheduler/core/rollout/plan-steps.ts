/** One line of the plan for each instance: what happens to it next, why, and what it waits for. */
import type { EngineState } from '../engine-state.ts';
import { explainWaiting } from '../explain.ts';
import type { InstanceRecord } from '../instance.ts';
import { listInstances, orderComponents } from '../plan.ts';
import type { ComponentProgress } from './component-progress.ts';
import { compareAspects } from './configuration-difference.ts';
import { findConfiguration, getTarget } from './configuration-version.ts';
import type { PlanStep } from './plan-report.ts';

export interface StepView {
  readonly state: EngineState;
  readonly progress: readonly ComponentProgress[];
  /** Components before which nothing is in motion. */
  readonly free: readonly ComponentProgress[];
  /** Why no further instance is touched. */
  readonly held: string | undefined;
  readonly nowMs: number;
}

type Outcome = Omit<PlanStep, 'component' | 'instance'>;

/** For services with thousands of instances. */
interface IndexedProgress {
  readonly progress: ComponentProgress;
  readonly reasons: ReadonlyMap<InstanceRecord, readonly string[]>;
  readonly moves: ReadonlySet<InstanceRecord>;
}

function indexProgress(progress: ComponentProgress): IndexedProgress {
  const reasons = new Map(progress.stale.map(({ instance, reasons: why }) => [instance, why]));
  return { progress, reasons, moves: new Set(progress.moving) };
}

/** What the next launch brings without a restart: `from its next launch: kill grace 5 s -> 10 s`. */
function listDeferred({ facts }: EngineState, { component, task }: InstanceRecord): string[] {
  const target = getTarget(facts.versions)?.components[component];
  const before = findConfiguration(facts.versions, component, task?.configuration ?? '');
  if (target === undefined || before === undefined) return [];
  return compareAspects(before.aspects, target.aspects)
    .filter(({ effect }) => effect === 'next-launch')
    .map(({ text }) => `from its next launch: ${text}`);
}

/** What keeps a stale instance from being restarted now. */
function findHindrance({ free, held }: StepView, own: ComponentProgress): string[] {
  if (held !== undefined) return [held];
  if (own.awaitsApproval) return ['waits until an operator approves the canary'];
  return free.includes(own) ? [] : [`waits for ${own.component.after.join(', ')}`];
}

function toRestartStep(view: StepView, own: ComponentProgress, reasons: readonly string[]): Outcome {
  const hindrances = findHindrance(view, own);
  const status = hindrances.length > 0 ? 'blocked' : 'pending';
  return { status, action: 'restart', reasons: [...reasons, ...hindrances] };
}

function toWaitingStep({ state, nowMs }: StepView, instance: InstanceRecord): Outcome {
  const { rollout } = state.facts;
  const failure = rollout?.failures.findLast((candidate) => candidate.instance === instance.name);
  const hasFailed = failure !== undefined || instance.phase === 'refused';
  const waiting = explainWaiting(state, instance, nowMs);
  const reasons = [
    ...(failure === undefined ? [] : [`failed under the new configuration: ${failure.message}`]),
    ...(waiting === undefined ? [] : [waiting]),
  ];
  return { status: hasFailed ? 'failed' : 'pending', action: 'launch', reasons };
}

function toReadyStep({ state, nowMs }: StepView, own: IndexedProgress, instance: InstanceRecord): Outcome {
  const isFresh = state.facts.rollout !== undefined && own.moves.has(instance);
  const readySeconds = Math.floor((nowMs - (instance.readySinceMs ?? nowMs)) / 1000);
  if (isFresh) return { status: 'starting', action: 'none', reasons: [`ready for ${readySeconds} s`] };
  return { status: 'complete', action: 'none', reasons: listDeferred(state, instance) };
}

function toPresentStep(view: StepView, own: IndexedProgress, instance: InstanceRecord): Outcome {
  const reasons = own.reasons.get(instance);
  if (instance.paused === true)
    return {
      status: 'paused',
      action: 'none',
      reasons: ['an operator paused it', ...(reasons ?? [])],
    };
  if (reasons !== undefined) return toRestartStep(view, own.progress, reasons);
  switch (instance.phase) {
    case 'ready':
      return toReadyStep(view, own, instance);
    case 'launching':
    case 'starting':
      return { status: 'starting', action: 'launch', reasons: [] };
    case 'killing':
      return { status: 'starting', action: 'restart', reasons: [] };
    case 'waiting':
    case 'unreachable':
    case 'refused':
    case 'stopped':
      return toWaitingStep(view, instance);
  }
}

function toRemoval(instance: InstanceRecord): PlanStep {
  const isLeaving = instance.phase === 'stopped' || instance.afterKill === 'stop';
  return {
    component: instance.component,
    instance: instance.name,
    status: isLeaving ? 'starting' : 'pending',
    action: 'remove',
    reasons: ['the configuration does not hold it any more'],
  };
}

function listComponentSteps(view: StepView, progress: ComponentProgress): PlanStep[] {
  const own = indexProgress(progress);
  const { name, count } = progress.component;
  return listInstances(view.state.instances, name).map((instance) =>
    count !== 'every-agent' && instance.index >= count
      ? toRemoval(instance)
      : { component: name, instance: instance.name, ...toPresentStep(view, own, instance) },
  );
}

export function listSteps(view: StepView): PlanStep[] {
  const { spec } = view.state.settings;
  const names = orderComponents(spec).map(({ name }) => name);
  const unknown = view.state.instances.list().filter(({ component }) => !names.includes(component));
  return [
    ...view.progress.flatMap((progress) => listComponentSteps(view, progress)),
    ...unknown.map(toRemoval),
  ];
}
