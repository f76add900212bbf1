/** Orders for one instance. */
import { renderNames } from '../../../config/nearest-name.ts';
import { StevedoreError } from '../../../protocol/errors.ts';
import { findComponent } from '../components.ts';
import type { EngineState } from '../engine-state.ts';

type Judgement = StevedoreError | undefined;

export function judgeInstance(state: EngineState, name: string): Judgement {
  if (state.instances.has(name)) return undefined;
  const known = renderNames([...state.instances.names()]);
  return new StevedoreError('ERR_INSTANCE_UNKNOWN', { instance: name, known });
}

export function judgeRestart(state: EngineState, name: string): Judgement {
  if (state.instances.get(name)?.paused === true)
    return new StevedoreError('ERR_INSTANCE_PAUSED', { instance: name });
  return judgeInstance(state, name);
}

export function judgePause(state: EngineState, name: string): Judgement {
  return judgeRestart(state, name);
}

export function judgeResume(state: EngineState, name: string): Judgement {
  const instance = state.instances.get(name);
  if (instance !== undefined && instance.paused !== true)
    return new StevedoreError('ERR_INSTANCE_NOT_PAUSED', { instance: name, phase: instance.phase });
  return judgeInstance(state, name);
}

/** Somewhere else must be possible at all. */
export function judgeReplacement(state: EngineState, name: string): Judgement {
  const instance = state.instances.get(name);
  if (instance === undefined) return judgeInstance(state, name);
  const component = findComponent(state.settings.spec, instance.component);
  if (component?.count === 'every-agent')
    return new StevedoreError('ERR_REPLACE_EVERY_AGENT', {
      instance: name,
      host: instance.hostname ?? 'its host',
    });
  if (component?.hostname !== undefined)
    return new StevedoreError('ERR_REPLACE_FIXED_HOST', { instance: name, host: component.hostname });
  if (instance.hostname === undefined) return new StevedoreError('ERR_REPLACE_NOWHERE', { instance: name });
  return undefined;
}
