/** RECONCILE, and KILL of a task that is not known. */
import type { Value } from '../../protocol/mesos/resource.ts';
import type { Master } from './master.ts';
import type { FrameworkRecord } from './records.ts';
import { goneStatus, knownStatus, reconcileUnknown } from './statuses.ts';

export interface Scope {
  readonly master: Master;
  readonly framework: FrameworkRecord;
}

interface NamedTask {
  readonly task_id: Value<string>;
  readonly agent_id?: Value<string>;
}

/** The latest state of a task, or what may be said of one that is not known. */
export function reconcileTask(
  { master, framework }: Scope,
  taskId: string,
  agentId: string | undefined,
): void {
  const task = framework.tasks.get(taskId);
  if (task !== undefined) {
    const status = knownStatus(task, 'REASON_RECONCILIATION', 'Reconciliation: Latest task state');
    return master.sendUpdate(framework, status);
  }
  const id = agentId ?? framework.unreachableTasks.get(taskId)?.agentId;
  if (id !== undefined && master.gone.has(id))
    return master.sendUpdate(framework, goneStatus(framework.info, { taskId, agentId: id }));
  const agent = id === undefined ? undefined : master.agents.get(id);
  master.sendUpdate(framework, reconcileUnknown(framework.info, { taskId, agentId: id }, agent));
}

/** Of the tasks that are named, or of all. */
export function reconcile(scope: Scope, named: readonly NamedTask[]): void {
  const all = [...scope.framework.tasks.values()];
  if (named.length > 0)
    for (const task of named) reconcileTask(scope, task.task_id.value, task.agent_id?.value);
  else for (const task of all) reconcileTask(scope, task.info.task_id.value, task.agentId);
}
