/** What each action of an operator changes. */
import type { Draft } from '../draft.ts';
import { drainHost, undrainHost } from '../maintenance/drain.ts';
import type { OperatorAction } from '../operator-action.ts';
import { beginTeardown } from '../teardown.ts';
import { pausePlan, restartAll, resumePlan, rollBack, scaleComponent } from './plan-orders.ts';
import { orderReplacement } from './replacement.ts';
import { pauseInstance, resumeInstance } from './stop-task.ts';

export function performAction(draft: Draft, action: OperatorAction): void {
  switch (action.kind) {
    case 'restart':
      return action.instance === undefined
        ? restartAll(draft, action.component)
        : draft.apply(action.instance, { kind: 'restart' });
    case 'forget':
      return draft.apply(action.instance, { kind: action.kind });
    case 'teardown':
      return beginTeardown(draft, { graceMs: action.graceMs, keepVolumes: action.keepVolumes });
    case 'replace':
      return orderReplacement(draft, action.instance);
    case 'pause':
      return pauseInstance(draft, action.instance);
    case 'resume':
      return resumeInstance(draft, action.instance);
    case 'scale':
      return scaleComponent(draft, action.component, action.count);
    case 'pause-plan':
      return pausePlan(draft);
    case 'resume-plan':
      return resumePlan(draft);
    case 'rollback':
      return rollBack(draft);
    case 'drain':
      return drainHost(draft, action.hostname);
    case 'undrain':
      return undrainHost(draft, action.hostname);
  }
}
