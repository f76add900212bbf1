/** Ends the task of an instance that has one; what becomes of the instance is decided when it has ended. */
import type { Draft } from '../draft.ts';
import type { InstanceRecord } from '../instance.ts';

const WITH_TASK: readonly InstanceRecord['phase'][] = ['launching', 'starting', 'ready', 'unreachable'];

export function stopTask(draft: Draft, name: string): void {
  const phase = draft.state.instances.get(name)?.phase;
  if (phase !== undefined && WITH_TASK.includes(phase)) draft.apply(name, { kind: 'restart' });
}

/** Held back until `resume`, over restarts of the scheduler too. */
export function pauseInstance(draft: Draft, name: string): void {
  const instance = draft.state.instances.get(name);
  if (instance === undefined) return;
  draft.put({ ...instance, paused: true });
  stopTask(draft, name);
}

export function resumeInstance(draft: Draft, name: string): void {
  const instance = draft.state.instances.get(name);
  if (instance === undefined) return;
  draft.put({ ...instance, paused: undefined });
  if (instance.phase === 'waiting' || instance.phase === 'refused') draft.apply(name, { kind: 'restart' });
}
