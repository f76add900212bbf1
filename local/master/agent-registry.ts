/** Agents come, go and come back, and what becomes of their tasks meanwhile. */
import type { TaskState } from '../../protocol/mesos/task.ts';
import type { Channel } from '../link/channel.ts';
import type { AgentMessage, MasterMessage, Registration } from '../link/messages.ts';
import { rolesOf } from './framework-validation.ts';
import { rescindInverseOffers } from './inverse-offers.ts';
import type { Master } from './master.ts';
import { type AgentRecord, executorKey, type FrameworkRecord, isLive, partitionState } from './records.ts';
import { agentLostStatus, knownStatus, unreachableTime } from './statuses.ts';
import { awaitFailover } from './subscription.ts';

type AgentChannel = Channel<MasterMessage, AgentMessage>;

const UNANSWERED_PINGS = 5;
/** Both as Mesos writes them. */
const UNREACHABLE_BACK = 'Unreachable agent re-reregistered';
const UNKNOWN_BACK = 'Unknown agent reregistered';

function addAgent(registration: Registration, id: string): AgentRecord {
  return {
    id,
    info: registration.agent,
    total: registration.total,
    address: registration.address,
    channel: undefined,
    executors: new Map(),
    pendingKills: [],
    removal: undefined,
    ping: undefined,
    unansweredPings: 0,
    registeredMs: Date.now(),
    reregisteredMs: undefined,
    unreachableMs: undefined,
    deactivated: false,
    drain: undefined,
  };
}

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

function learn(master: Master, agent: AgentRecord, registration: Registration, known: boolean): void {
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

function watch(agent: AgentRecord, pingMs: number): void {
  clearInterval(agent.ping);
  agent.unansweredPings = 0;
  agent.ping = setInterval(() => {
    if (agent.unansweredPings++ >= UNANSWERED_PINGS) agent.channel?.close();
    else agent.channel?.send({ type: 'PING' });
  }, pingMs);
}

/** Takes an agent in, under the id that it had before if any. */
function register(master: Master, channel: AgentChannel, registration: Registration): AgentRecord {
  const id = registration.agentId ?? master.nextAgentId();
  const known = master.agents.get(id);
  const agent = known ?? addAgent(registration, id);
  known?.channel?.close();
  clearTimeout(agent.removal);
  agent.info = { ...registration.agent, id: { value: id } };
  agent.total = registration.total;
  agent.address = registration.address;
  agent.channel = channel;
  if (registration.agentId !== undefined) agent.reregisteredMs = Date.now();
  master.agents.set(id, agent);
  channel.send({ type: 'REGISTERED', agentId: id, masterPid: master.pid });
  learn(master, agent, registration, known !== undefined);
  for (const framework of master.frameworks.values())
    channel.send({ type: 'UPDATE_FRAMEWORK', framework: framework.info });
  for (const kill of agent.pendingKills.splice(0)) channel.send(kill);
  if (agent.drain !== undefined) channel.send({ type: 'DRAIN', markGone: agent.drain.markGone });
  watch(agent, master.options.pingMs);
  master.allocate();
  return agent;
}

/** Agents that an operator gave up, or whose machine is to be down, are sent away. */
export function admit(
  master: Master,
  channel: AgentChannel,
  registration: Registration,
): AgentRecord | undefined {
  const { agentId = '' } = registration;
  const send = (reason: string): undefined => {
    channel.send({ type: 'SHUTDOWN', reason });
  };
  if (master.gone.has(agentId)) return send('Agent has been marked gone');
  if (master.maintenance.isDown(addAgent(registration, agentId))) return send('Machine is `DOWN`');
  return register(master, channel, registration);
}

/** Takes the agent's tasks from the frameworks that match, and says why. */
function loseTasks(
  master: Master,
  agent: AgentRecord,
  loss: { checkpointed: boolean; state: TaskState; reason: string; message: string },
): void {
  for (const task of master.tasksOn(agent.id)) {
    const framework = master.frameworks.get(task.frameworkId) as FrameworkRecord;
    if ((framework.info.checkpoint ?? false) !== loss.checkpointed) continue;
    const state = loss.checkpointed ? partitionState(framework.info, loss.state) : loss.state;
    framework.tasks.delete(task.info.task_id.value);
    if (loss.checkpointed) framework.unreachableTasks.set(task.info.task_id.value, { ...task, state });
    const status = agentLostStatus(task, state, loss.reason, loss.message);
    if (isLive(task)) master.sendUpdate(framework, { ...status, ...unreachableTime(agent) });
  }
  for (const [key, { frameworkId }] of agent.executors)
    if ((master.frameworks.get(frameworkId)?.info.checkpoint ?? false) === loss.checkpointed)
      agent.executors.delete(key);
}

function markUnreachable(master: Master, agent: AgentRecord): void {
  agent.unreachableMs = Date.now();
  const loss = { state: 'TASK_UNREACHABLE', reason: 'REASON_AGENT_REMOVED' } as const;
  loseTasks(master, agent, { ...loss, checkpointed: true, message: 'health check timed out' });
  for (const framework of master.frameworks.values())
    master.send(framework, { type: 'FAILURE', failure: { agent_id: { value: agent.id } } });
}

/** The agent's stream broke. Frameworks that checkpoint keep their tasks until the agent is given up. */
export function disconnectAgent(master: Master, agent: AgentRecord, channel: AgentChannel): void {
  if (agent.channel !== channel) return;
  agent.channel = undefined;
  clearInterval(agent.ping);
  for (const offer of master.offersOf({ agentId: agent.id })) master.rescind(offer);
  rescindInverseOffers(master, agent.id);
  const message = `Agent ${agent.info.hostname} disconnected`;
  const loss = { state: 'TASK_LOST', reason: 'REASON_AGENT_DISCONNECTED', message } as const;
  loseTasks(master, agent, { ...loss, checkpointed: false });
  agent.removal = setTimeout(() => markUnreachable(master, agent), master.options.agentTimeoutMs);
}
