/** What each action of an operator changes. */
import type { Draft } from '../draft.ts';
import { drainHost, undrainHost } from '../maintenance/drain.ts';
import type { OperatorAction } from '../operator-action.ts';
import { beginTeardown } from '../teardown.ts';

export function performAction(draft: Draft, action: OperatorAction): void {
  switch (action.kind) {
    case 'restart':
      return action.instance === undefined ? undefined : draft.apply(action.instance, { kind: 'restart' });
    case 'forget':
      return draft.apply(action.instance, { kind: action.kind });
    case 'drain':
      return drainHost(draft, action.hostname);
    case 'undrain':
      return undrainHost(draft, action.hostname);
    case 'teardown':
      return beginTeardown(draft, { graceMs: action.graceMs, keepVolumes: action.keepVolumes });
    case 'replace':
    case 'pause':
    case 'resume':
    case 'scale':
    case 'pause-plan':
    case 'resume-plan':
    case 'rollback':
      return;
  }
}
