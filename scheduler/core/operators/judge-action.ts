/** Whether an operator's action can be done now; the engine only does what was judged before. */
import { StevedoreError } from '../../../protocol/errors.ts';
import type { EngineState } from '../engine-state.ts';
import type { OperatorAction } from '../operator-action.ts';

function judgeInstance(state: EngineState, name: string): StevedoreError | undefined {
  if (name in state.instances) return undefined;
  const known = Object.keys(state.instances).join(', ');
  return new StevedoreError('ERR_INSTANCE_UNKNOWN', { instance: name, known });
}

function judgeForget(state: EngineState, name: string): StevedoreError | undefined {
  const phase = state.instances[name]?.phase;
  if (phase === undefined) return judgeInstance(state, name);
  if (phase === 'waiting' || phase === 'refused') return undefined;
  return new StevedoreError('ERR_INSTANCE_IN_USE', { instance: name, phase });
}

/** Undefined: it can. */
export function judgeAction(state: EngineState, action: OperatorAction): StevedoreError | undefined {
  switch (action.kind) {
    case 'forget':
      return judgeForget(state, action.instance);
    case 'restart':
      return action.instance === undefined ? undefined : judgeInstance(state, action.instance);
    case 'replace':
    case 'pause':
    case 'resume':
      return judgeInstance(state, action.instance);
    case 'scale':
    case 'drain':
    case 'undrain':
    case 'pause-plan':
    case 'resume-plan':
    case 'rollback':
    case 'teardown':
      return undefined;
  }
}
