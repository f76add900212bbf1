/** Whether an operator's action can be done now; the engine only does what was judged before. */
import { StevedoreError } from '../../../protocol/errors.ts';
import type { EngineState } from '../engine-state.ts';
import type { OperatorAction } from '../operator-action.ts';
import { judgeUndrain } from '../maintenance/drain.ts';
import { judgeInstance, judgePause, judgeReplacement, judgeRestart, judgeResume } from './judge-instance.ts';
import { judgePausePlan, judgeRestartAll, judgeResumePlan, judgeRollback, judgeScale } from './judge-plan.ts';

function judgeForget(state: EngineState, name: string): StevedoreError | undefined {
  const phase = state.instances.get(name)?.phase;
  if (phase === undefined) return judgeInstance(state, name);
  if (phase === 'waiting' || phase === 'refused') return undefined;
  return new StevedoreError('ERR_INSTANCE_IN_USE', { instance: name, phase });
}

function judgeWhileRunning(state: EngineState, action: OperatorAction): StevedoreError | undefined {
  switch (action.kind) {
    case 'forget':
      return judgeForget(state, action.instance);
    case 'restart':
      return action.instance === undefined
        ? judgeRestartAll(state, action.component)
        : judgeRestart(state, action.instance);
    case 'replace':
      return judgeReplacement(state, action.instance);
    case 'pause':
      return judgePause(state, action.instance);
    case 'resume':
      return judgeResume(state, action.instance);
    case 'scale':
      return judgeScale(state, action.component, action.count);
    case 'pause-plan':
      return judgePausePlan(state);
    case 'resume-plan':
      return judgeResumePlan(state);
    case 'rollback':
      return judgeRollback(state);
    case 'undrain':
      return judgeUndrain(state, action.hostname);
    case 'drain':
    case 'teardown':
      return undefined;
  }
}

/** Undefined: it can. */
export function judgeAction(state: EngineState, action: OperatorAction): StevedoreError | undefined {
  if (state.mode !== 'running' && action.kind !== 'teardown')
    return new StevedoreError('ERR_TEARDOWN_ORDERED', { action: action.kind });
  return judgeWhileRunning(state, action);
}
