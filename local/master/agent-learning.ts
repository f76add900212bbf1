/** What a master learns of an agent that registers: its frameworks, executors and tasks, known before or not. */
import type { Registration } from '../link/messages.ts';
import { rolesOf } from './framework-validation.ts';
import type { Master } from './master.ts';
import { type AgentRecord, executorKey, type FrameworkRecord, isLive, partitionState } from './records.ts';
import { agentLostStatus, knownStatus } from './statuses.ts';
import { awaitFailover } from './subscription.ts';

/** Both as Mesos writes them. */
const UNREACHABLE_BACK = 'Unreachable agent re-reregistered';
const UNKNOWN_BACK = 'Unknown agent reregistered';

/** A framework that this master has not seen itself: its scheduler may still come back. */
function learnFrameworks(master: Master, registration: Registration): void {
  for (const info of registration.frameworks) {
    const id = info.id?.value ?? '';
    if (master.completed.some((framework) => framework.id === id)) continue;
    if (!master.frameworks.has(id)) awaitFailover(master, master.addFramework(id, info, rolesOf(info)));
  }
}

function learnTasks(master: Master, agent: AgentRecord, registration: Registration): FrameworkRecord[] {
  const taught = new Set<FrameworkRecord>();
  for (const { frameworkId, task, executorId, state, status } of registration.tasks) {
    const framework = master.frameworks.get(frameworkId);
    const taskId = task.task_id.value;
    if (framework === undefined || framework.tasks.has(taskId)) continue;
    const custom = task.executor === undefined ? undefined : executorId;
    const record = { frameworkId, agentId: agent.id, executorId: custom, info: task, state, status };
    framework.tasks.set(taskId, { ...record, statuses: status === undefined ? [] : [status] });
    framework.unreachableTasks.delete(taskId);
    taught.add(framework);
  }
  return [...taught];
}

/** Tells schedulers that know of partitions which tasks are back. */
function announce(
  master: Master,
  agent: AgentRecord,
  frameworks: readonly FrameworkRecord[],
  text: string,
): void {
  for (const framework of frameworks)
    for (const task of framework.tasks.values()) {
      if (task.agentId !== agent.id || !isLive(task) || task.state === 'TASK_STAGING') continue;
      master.sendUpdate(framework, knownStatus(task, 'REASON_AGENT_REREGISTERED', text));
    }
}

function shutdownRemoved(master: Master, agent: AgentRecord, registration: Registration): void {
  for (const { id } of registration.frameworks)
    if (id !== undefined && !master.frameworks.has(id.value))
      agent.channel?.send({ type: 'SHUTDOWN_FRAMEWORK', frameworkId: id.value });
}

/** Launched here, but the agent never heard of it: the message was lost with the connection. */
function dropUnknown(master: Master, agent: AgentRecord, registration: Registration): void {
  const known = new Set(
    registration.tasks.map(({ frameworkId, task }) => `${frameworkId}/${task.task_id.value}`),
  );
  for (const task of master.tasksOn(agent.id)) {
    const taskId = task.info.task_id.value;
    const framework = master.frameworks.get(task.frameworkId) as FrameworkRecord;
    if (known.has(`${framework.id}/${taskId}`)) continue;
    framework.tasks.delete(taskId);
    const state = partitionState(framework.info, 'TASK_DROPPED');
    const text = 'Reconciliation: task unknown to the agent';
    if (isLive(task))
      master.sendUpdate(framework, agentLostStatus(task, state, 'REASON_RECONCILIATION', text));
  }
}

/** Takes over what the agent knows; what only the master knew is lost. */
export function learn(master: Master, agent: AgentRecord, registration: Registration, known: boolean): void {
  const back = agent.unreachableMs !== undefined;
  agent.unreachableMs = undefined;
  learnFrameworks(master, registration);
  dropUnknown(master, agent, registration);
  agent.executors.clear();
  for (const { frameworkId, info } of registration.executors)
    agent.executors.set(executorKey(frameworkId, info.executor_id.value), { frameworkId, info });
  const taught = learnTasks(master, agent, registration);
  announce(master, agent, taught, back || known ? UNREACHABLE_BACK : UNKNOWN_BACK);
  shutdownRemoved(master, agent, registration);
}
