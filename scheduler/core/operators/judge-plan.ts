/** Orders for components and for the rollout. */
import { StevedoreError } from '../../../protocol/errors.ts';
import { findComponent } from '../components.ts';
import type { EngineState } from '../engine-state.ts';
import { findFormer } from '../rollout/configuration-version.ts';
import { listAwaiting } from '../rollout/follow-rollout.ts';
import type { ComponentSpec } from '../service-spec.ts';

type Judgement = StevedoreError | undefined;

const MOST_INSTANCES = 10_000;

function judgeComponent(state: EngineState, name: string): Judgement {
  const { components } = state.settings.spec;
  if (components.some((component) => component.name === name)) return undefined;
  const known = components.map((component) => component.name).join(', ');
  return new StevedoreError('ERR_COMPONENT_UNKNOWN', { component: name, known });
}

export function judgeRestartAll(state: EngineState, component: string | undefined): Judgement {
  return component === undefined ? undefined : judgeComponent(state, component);
}

function judgeCount({ name, countBounds }: ComponentSpec, count: number): Judgement {
  const { least = 0, most = MOST_INSTANCES } = countBounds ?? {};
  if (Number.isInteger(count) && count >= least && count <= most) return undefined;
  return new StevedoreError('ERR_SCALE_COUNT', { component: name, count, least, most });
}

function judgeShrinking(component: ComponentSpec, count: number): Judgement {
  const { name, pinned, volumes = [], allowDecommission = false } = component;
  const hasState = pinned || volumes.length > 0;
  if (!hasState || allowDecommission || count >= Number(component.count)) return undefined;
  return new StevedoreError('ERR_SCALE_STATE', { component: name, from: component.count, count });
}

export function judgeScale(state: EngineState, name: string, count: number): Judgement {
  const component = findComponent(state.settings.spec, name);
  if (component === undefined) return judgeComponent(state, name);
  if (component.count === 'every-agent')
    return new StevedoreError('ERR_SCALE_EVERY_AGENT', { component: name });
  return judgeCount(component, count) ?? judgeShrinking(component, count);
}

export function judgePausePlan({ facts }: EngineState): Judgement {
  return facts.planPaused === undefined ? undefined : new StevedoreError('ERR_PLAN_PAUSED');
}

export function judgeResumePlan(state: EngineState): Judgement {
  const { planPaused, rollout } = state.facts;
  const isHeld = planPaused !== undefined || rollout?.haltedAtMs !== undefined;
  if (isHeld || listAwaiting(state).length > 0) return undefined;
  return new StevedoreError('ERR_PLAN_NOT_HELD');
}

export function judgeRollback({ facts }: EngineState): Judgement {
  return findFormer(facts.versions) === undefined ? new StevedoreError('ERR_ROLLBACK_NONE') : undefined;
}
