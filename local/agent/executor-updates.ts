/** What an executor reports, completed with what only the agent knows. */
import { isTerminal, type TaskStatus } from '../../protocol/mesos/task.ts';
import type { Agent } from './agent.ts';
import type { ExecutorRecord, FrameworkEntry } from './records.ts';

function complete(agent: Agent, executor: ExecutorRecord, status: TaskStatus): TaskStatus {
  const address = { protocol: 'IPv4', ip_address: agent.options.ip };
  return {
    ...status,
    executor_id: { value: executor.id },
    container_status: {
      container_id: { value: executor.containerId },
      network_infos: [{ ip_addresses: [address] }],
      ...(executor.process === undefined ? {} : { executor_pid: executor.process.pid }),
    },
  };
}

/**
 * Updates of the executor's own tasks are acknowledged to it, repeated and late ones too; only new ones go on to the
 * scheduler. One about a task that is not here goes on, but is not acknowledged, as recorded.
 */
export function takeUpdate(
  agent: Agent,
  framework: FrameworkEntry,
  executor: ExecutorRecord,
  status: TaskStatus,
): void {
  const { task_id, uuid, agent_id } = status;
  if (agent_id !== undefined && agent_id.value !== agent.id) return;
  const task = executor.tasks.get(task_id.value);
  const repeated = framework.updates.get(task_id.value)?.knows(uuid) ?? false;
  const late = framework.finished.has(task_id.value) || (task !== undefined && isTerminal(task.state));
  if (!repeated && !late) {
    const dated = { timestamp: Date.now() / 1000, ...status, agent_id: { value: agent.id ?? '' } };
    if (task === undefined) agent.publish(framework, undefined, dated);
    else agent.publish(framework, executor, complete(agent, executor, dated));
  }
  if (task === undefined && !late) return;
  agent.sendEvent(executor, { type: 'ACKNOWLEDGED', acknowledged: { task_id, uuid: uuid as string } });
}
