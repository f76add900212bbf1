/** What the master tells the agent to do. */
import type { MasterMessage } from '../link/messages.ts';
import type { Agent } from './agent.ts';
import { destroy, shutdownExecutor } from './lifecycle.ts';
import { type ExecutorRecord, liveTasks } from './records.ts';
import { killTask, runTask } from './tasks.ts';

type Received<T extends MasterMessage['type']> = Extract<MasterMessage, { type: T }>;

function shutdownFramework(agent: Agent, frameworkId: string): void {
  const framework = agent.frameworks.get(frameworkId);
  agent.operations.forget(frameworkId);
  if (framework === undefined) return;
  framework.terminating = true;
  for (const queue of framework.updates.values()) queue.stop();
  for (const executor of framework.executors.values()) {
    if (executor.state === 'TERMINATED') framework.executors.delete(executor.id);
    else if (executor.state === 'REGISTERING') void destroy(executor);
    else shutdownExecutor(agent, executor);
  }
  if (framework.executors.size > 0) return;
  agent.frameworks.delete(frameworkId);
  agent.checkpoint.removeFramework(frameworkId);
}

function updateFramework(agent: Agent, message: Received<'UPDATE_FRAMEWORK'>): void {
  const framework = agent.frameworks.get(message.framework.id?.value ?? '');
  if (framework === undefined) return;
  framework.info = message.framework;
  agent.checkpoint.saveFramework(framework);
  for (const queue of framework.updates.values()) queue.resend();
}

function registered(agent: Agent, agentId: string): void {
  agent.id = agentId;
  agent.save();
  agent.operations.resend();
}

function applyOperation(agent: Agent, { frameworkId, operation }: Received<'APPLY_OPERATION'>): void {
  const applied = agent.resources.apply(operation);
  if (operation.id === undefined) return;
  agent.operations.report(frameworkId, {
    operation_id: operation.id,
    state: applied ? 'OPERATION_FINISHED' : 'OPERATION_FAILED',
    agent_id: { value: agent.id ?? '' },
  });
}

function drain(agent: Agent, { markGone, graceNanoseconds }: Received<'DRAIN'>): void {
  agent.drain = { markGone };
  agent.save();
  const policy =
    graceNanoseconds === undefined ? undefined : { grace_period: { nanoseconds: graceNanoseconds } };
  for (const framework of agent.frameworks.values())
    for (const executor of framework.executors.values())
      for (const { info } of liveTasks(executor)) killTask(agent, framework.id, info.task_id.value, policy);
}

function reactivate(agent: Agent): void {
  agent.drain = undefined;
  agent.save();
}

/** As a real agent, which ends with its last executor. */
function shutdown(agent: Agent): void {
  for (const id of agent.frameworks.keys()) shutdownFramework(agent, id);
  agent.disown();
}

function findExecutor(
  agent: Agent,
  at: { frameworkId: string; executorId: string },
): ExecutorRecord | undefined {
  return agent.frameworks.get(at.frameworkId)?.executors.get(at.executorId);
}

export function receive(agent: Agent, message: MasterMessage): void {
  switch (message.type) {
    case 'REGISTERED':
      return registered(agent, message.agentId);
    case 'RUN_TASK':
      return runTask(agent, message);
    case 'KILL_TASK':
      return killTask(agent, message.frameworkId, message.taskId, message.killPolicy);
    case 'SHUTDOWN_FRAMEWORK':
      return shutdownFramework(agent, message.frameworkId);
    case 'ACKNOWLEDGE':
      return agent.acknowledge(message.frameworkId, message.taskId, message.uuid);
    case 'UPDATE_FRAMEWORK':
      return updateFramework(agent, message);
    case 'APPLY_OPERATION':
      return applyOperation(agent, message);
    case 'ACKNOWLEDGE_OPERATION':
      return agent.operations.acknowledge(message.uuid);
    case 'DRAIN':
      return drain(agent, message);
    case 'REACTIVATE':
      return reactivate(agent);
    case 'SHUTDOWN':
      return shutdown(agent);
    case 'SHUTDOWN_EXECUTOR': {
      const executor = findExecutor(agent, message);
      if (executor !== undefined) shutdownExecutor(agent, executor);
      return;
    }
    case 'FRAMEWORK_MESSAGE': {
      const executor = findExecutor(agent, message);
      if (executor !== undefined)
        agent.sendEvent(executor, { type: 'MESSAGE', message: { data: message.data } });
      return;
    }
    case 'PING':
      return agent.send({ type: 'PONG' });
  }
}
