/** What Mesos says of tasks and agents: to the instance that has the task, or else to a task that nobody wants. */
import { type TaskStatus, isTerminal } from '../../../protocol/mesos/task.ts';
import { parseLabels } from '../../../protocol/status-labels.ts';
import type { Draft } from '../draft.ts';
import { giveHostUp } from '../failures/lost-host.ts';
import { noteFailure } from '../failures/note-failure.ts';
import type { InstanceRecord } from '../instance.ts';
import { followFetch } from '../waves/launch-waves.ts';
import { noteAnswer } from './reconciliation.ts';
import { instanceOf } from './task-id.ts';

/** What an end means beyond its instance. */
function followStatus(draft: Draft, before: InstanceRecord): void {
  const after = draft.state.instances.get(before.name);
  if (after === undefined) return;
  const waves = followFetch(draft.state, before, after);
  if (waves !== draft.state.waves) draft.state = { ...draft.state, waves };
  const failure = after.recentFailures?.at(-1);
  if (failure !== undefined && after.recentFailures !== before.recentFailures)
    noteFailure(draft, before.name, failure);
  if (after.lastState === 'TASK_GONE_BY_OPERATOR' && before.task !== undefined && after.task === undefined)
    giveHostUp(draft, before);
}

function noteStatus(draft: Draft, owner: InstanceRecord, status: TaskStatus): void {
  draft.apply(owner.name, {
    kind: 'status',
    state: status.state,
    reason: status.reason,
    message: status.message,
    healthy: status.healthy,
    labels: parseLabels(status.labels),
  });
  followStatus(draft, owner);
  const isOpen = status.state === 'TASK_UNREACHABLE' || status.state === 'TASK_UNKNOWN';
  if (!isOpen)
    draft.state = {
      ...draft.state,
      reconciliation: noteAnswer(draft.state.reconciliation, status.task_id.value),
    };
  else if (status.agent_id !== undefined)
    draft.ask({ taskId: status.task_id.value, agentId: status.agent_id.value });
}

/** A task that no instance has: a replaced one that came back, or one from before the state was lost. */
function killStray(draft: Draft, status: TaskStatus): void {
  const taskId = status.task_id.value;
  draft.state = { ...draft.state, reconciliation: noteAnswer(draft.state.reconciliation, taskId) };
  const isGone = isTerminal(status.state) || ['TASK_UNREACHABLE', 'TASK_UNKNOWN'].includes(status.state);
  if (isGone) return;
  draft.log('warn', 'kills a task that no instance has', { taskId, state: status.state });
  draft.add({ kind: 'kill', taskId, agentId: status.agent_id?.value });
}

/** The instance that has the task: most likely the one that the task's id names. */
function findOwner({ instances }: Draft['state'], taskId: string): InstanceRecord | undefined {
  const named = instances.get(instanceOf(taskId));
  if (named?.task?.taskId === taskId) return named;
  return instances.list().find(({ task }) => task?.taskId === taskId);
}

export function noteUpdate(draft: Draft, status: TaskStatus): void {
  const owner = findOwner(draft.state, status.task_id.value);
  if (owner === undefined) killStray(draft, status);
  else noteStatus(draft, owner, status);
  if (status.uuid !== undefined && status.agent_id !== undefined)
    draft.add({
      kind: 'acknowledge',
      taskId: status.task_id.value,
      agentId: status.agent_id.value,
      uuid: status.uuid,
    });
}

/** An executor's end is told by its task's update as well; an agent's end is only a reason to ask. */
export function noteLoss(draft: Draft, agentId: string | undefined, executorId: string | undefined): void {
  if (executorId !== undefined || agentId === undefined) return;
  for (const { name, task } of draft.state.instances.list())
    if (task?.agentId === agentId) draft.apply(name, { kind: 'agent-lost' });
}
