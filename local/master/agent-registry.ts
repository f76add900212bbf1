/** Agents come, go and come back, and what becomes of their tasks meanwhile. */
import type { TaskState } from '../../protocol/mesos/task.ts';
import type { Channel } from '../link/channel.ts';
import type { AgentMessage, MasterMessage, Registration } from '../link/messages.ts';
import { learn } from './agent-learning.ts';
import { renderDrain } from './draining.ts';
import { rescindInverseOffers } from './inverse-offers.ts';
import type { Master } from './master.ts';
import { type AgentRecord, type FrameworkRecord, isLive, partitionState } from './records.ts';
import { agentLostStatus, unreachableTime } from './statuses.ts';

type AgentChannel = Channel<MasterMessage, AgentMessage>;

const UNANSWERED_PINGS = 5;

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
  if (agent.drain !== undefined) channel.send(renderDrain(agent.drain));
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
