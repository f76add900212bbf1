/** Moves an instance to another host for good: what it held on the former one is given up. */
import type { Draft } from '../draft.ts';
import type { InstanceRecord } from '../instance.ts';
import { loseHost } from '../tasks/task-end.ts';
import { stopTask } from './stop-task.ts';

/** The task may be out of reach for ever; should it return, it is killed as one that no instance has. */
function giveUp(draft: Draft, instance: InstanceRecord): void {
  draft.log('warn', 'gives up what an instance held on its host, as an operator ordered', {
    instance: instance.name,
    host: instance.leaving,
  });
  const { nowMs } = draft;
  const free = { ...loseHost(instance), failures: 0, notBeforeMs: nowMs };
  draft.put(instance.replaceAtMs === undefined ? free : { ...free, replaceAtMs: nowMs });
  if (instance.phase === 'refused') draft.apply(instance.name, { kind: 'restart' });
}

const WITHOUT_HOLD: readonly InstanceRecord['phase'][] = ['waiting', 'refused', 'unreachable'];

/** An agent out of reach may not even hear of the kill. */
function isHeld({ phase, lastState }: InstanceRecord): boolean {
  return !WITHOUT_HOLD.includes(phase) && !(phase === 'killing' && lastState === 'TASK_UNREACHABLE');
}

function moveOne(draft: Draft, instance: InstanceRecord): void {
  const { leaving, hostname, phase } = instance;
  if (leaving === undefined) return;
  if (hostname === leaving && !isHeld(instance)) giveUp(draft, instance);
  else if (hostname !== leaving && phase === 'ready') draft.put({ ...instance, leaving: undefined });
}

/** Goes on with every replacement that was ordered. */
export function moveReplaced(draft: Draft): void {
  for (const instance of draft.state.instances.list()) moveOne(draft, instance);
}

export function orderReplacement(draft: Draft, name: string): void {
  const instance = draft.state.instances.get(name);
  if (instance?.hostname === undefined) return;
  draft.put({ ...instance, leaving: instance.hostname });
  if (instance.phase !== 'unreachable') stopTask(draft, name);
  moveOne(draft, draft.state.instances.get(name) as InstanceRecord);
}
