/** Tasks that the master wants run or killed. */
import { messageOf } from '../../protocol/errors.ts';
import type { KillPolicy } from '../../protocol/mesos/task.ts';
import type { MasterMessage } from '../link/messages.ts';
import type { Agent } from './agent.ts';
import { createExecutor, destroy, launchExecutor } from './lifecycle.ts';
import { partitionLost } from './partition.ts';
import { type ExecutorRecord, type FrameworkEntry, liveTasks } from './records.ts';

type RunTask = Extract<MasterMessage, { type: 'RUN_TASK' }>;

/** False when a container that runs cannot be shown a further volume: it ends, as Mesos has it. */
function showVolumes(agent: Agent, framework: FrameworkEntry, executor: ExecutorRecord): boolean {
  try {
    agent.linkVolumes(executor);
    return true;
  } catch (error) {
    executor.termination ??= {
      state: partitionLost(framework.info, 'TASK_GONE'),
      reason: 'REASON_CONTAINER_UPDATE_FAILED',
      message: `Failed to update resources for container: ${messageOf(error)}`,
    };
    void destroy(executor);
    return false;
  }
}

export function runTask(agent: Agent, message: RunTask): void {
  const framework = agent.ensureFramework(message.framework);
  const taskId = message.task.task_id.value;
  const known = framework.executors.get(message.executor.executor_id.value);
  if (known?.state === 'TERMINATING' || known?.state === 'TERMINATED') {
    const told = { reason: 'REASON_EXECUTOR_TERMINATED', message: 'Executor terminating' };
    const state = partitionLost(framework.info, 'TASK_DROPPED');
    return agent.publish(framework, undefined, agent.agentStatus(taskId, { state, ...told }, known.id));
  }
  const executor = known ?? createExecutor(agent, framework, message.executor, message.task);
  const running = executor.state === 'RUNNING';
  executor.tasks.set(taskId, { info: message.task, launched: running, state: 'TASK_STAGING' });
  agent.checkpoint.saveExecutor(executor);
  if (known !== undefined && !showVolumes(agent, framework, executor)) return;
  if (running) agent.sendEvent(executor, { type: 'LAUNCH', launch: { task: message.task } });
  if (known === undefined) launchExecutor(agent, framework, executor);
}

function killQueued(agent: Agent, framework: FrameworkEntry, executor: ExecutorRecord, taskId: string): void {
  const told = { state: 'TASK_KILLED', reason: 'REASON_TASK_KILLED_DURING_LAUNCH' } as const;
  const message = 'Killed before delivery to the executor';
  agent.publish(framework, executor, agent.agentStatus(taskId, { ...told, message }, executor.id));
  if (liveTasks(executor).length === 0) void destroy(executor);
}

export function killTask(
  agent: Agent,
  frameworkId: string,
  taskId: string,
  policy: KillPolicy | undefined,
): void {
  const framework = agent.frameworks.get(frameworkId);
  if (framework === undefined) return;
  const executor = [...framework.executors.values()].find((candidate) => candidate.tasks.has(taskId));
  if (executor === undefined) {
    const told = { reason: 'REASON_EXECUTOR_TERMINATED', message: 'Cannot find executor' };
    const state = partitionLost(framework.info, 'TASK_GONE');
    if (!framework.updates.has(taskId))
      agent.publish(framework, undefined, agent.agentStatus(taskId, { state, ...told }));
    return;
  }
  if (executor.tasks.get(taskId)?.launched === false) return killQueued(agent, framework, executor, taskId);
  const kill_policy = policy === undefined ? {} : { kill_policy: policy };
  agent.sendEvent(executor, { type: 'KILL', kill: { task_id: { value: taskId }, ...kill_policy } });
}
