/** Agents that an operator takes out: deactivated, drained of all tasks, given up for ever, or sent away with their machine. */
import type { TaskState } from '../../protocol/mesos/task.ts';
import type { MasterMessage } from '../link/messages.ts';
import { rescindInverseOffers } from './inverse-offers.ts';
import type { Master } from './master.ts';
import { type AgentRecord, hasCapability, isLive } from './records.ts';
import { agentLostStatus } from './statuses.ts';

/** Nothing of the agent is offered from now on, and what was offered is taken back. */
export function deactivateAgent(master: Master, agent: AgentRecord): void {
  agent.deactivated = true;
  for (const offer of master.offersOf({ agentId: agent.id })) master.rescind(offer);
  rescindInverseOffers(master, agent.id);
}

export function reactivateAgent(master: Master, agent: AgentRecord): void {
  agent.deactivated = false;
  agent.drain = undefined;
  agent.channel?.send({ type: 'REACTIVATE' });
  master.allocate();
}

interface DrainRequest {
  readonly graceNanoseconds: number | undefined;
  readonly markGone: boolean;
}

/** The word to the agent, also when it comes back in the middle of it. */
export function renderDrain({ graceNanoseconds, markGone }: DrainRequest): MasterMessage {
  const grace = graceNanoseconds === undefined ? {} : { graceNanoseconds };
  return { type: 'DRAIN', markGone, ...grace };
}

export function drainAgent(master: Master, agent: AgentRecord, request: DrainRequest): void {
  const { graceNanoseconds, markGone } = request;
  agent.drain = { markGone, graceNanoseconds, state: 'DRAINING' };
  deactivateAgent(master, agent);
  agent.channel?.send(renderDrain(request));
  settleDrain(master, agent);
}

/** Drained is an agent of which the last word about every task and operation was heard. */
export function settleDrain(master: Master, agent: AgentRecord): void {
  if (agent.drain?.state !== 'DRAINING' || master.tasksOn(agent.id).length > 0) return;
  const frameworks = [...master.frameworks.values()];
  const operations = frameworks.flatMap((framework) => [...framework.operations.values()]);
  if (operations.some(({ agentId }) => agentId === agent.id)) return;
  if (agent.drain.markGone) markGone(master, agent);
  else agent.drain = { ...agent.drain, state: 'DRAINED' };
}

interface Removal {
  readonly state: TaskState;
  /** To frameworks that are not PARTITION_AWARE. */
  readonly lostReason: string;
  readonly reason: string;
  readonly message: string;
}

/** Tells every framework of every task that ends with the agent. */
function removeTasks(master: Master, agent: AgentRecord, removal: Removal): void {
  for (const framework of master.frameworks.values()) {
    const aware = hasCapability(framework.info, 'PARTITION_AWARE');
    const state = aware ? removal.state : 'TASK_LOST';
    const reason = aware ? removal.reason : removal.lostReason;
    for (const [id, task] of framework.tasks) {
      if (task.agentId !== agent.id) continue;
      framework.tasks.delete(id);
      framework.completedTasks.push({ ...task, state: isLive(task) ? state : task.state });
      if (isLive(task)) master.sendUpdate(framework, agentLostStatus(task, state, reason, removal.message));
    }
    for (const [id, { agentId }] of framework.operations)
      if (agentId === agent.id) framework.operations.delete(id);
    framework.inverseAnswers.delete(agent.id);
  }
}

function removeAgent(master: Master, agent: AgentRecord, removal: Removal): void {
  agent.channel?.send({ type: 'SHUTDOWN', reason: removal.message });
  agent.channel = undefined;
  clearTimeout(agent.removal);
  clearInterval(agent.ping);
  removeTasks(master, agent, removal);
  for (const offer of master.offersOf({ agentId: agent.id })) master.rescind(offer);
  rescindInverseOffers(master, agent.id);
  master.agents.delete(agent.id);
  for (const framework of master.frameworks.values())
    master.send(framework, { type: 'FAILURE', failure: { agent_id: { value: agent.id } } });
}

/** For ever: the agent's id is never taken in again. */
export function markGone(master: Master, agent: AgentRecord): void {
  master.gone.add(agent.id);
  removeAgent(master, agent, {
    state: 'TASK_GONE_BY_OPERATOR',
    reason: 'REASON_AGENT_REMOVED_BY_OPERATOR',
    lostReason: 'REASON_AGENT_REMOVED',
    message: 'Agent has been marked gone',
  });
}

/** The machine goes down; as recorded, this is TASK_LOST to every framework. */
export function bringDown(master: Master, agent: AgentRecord): void {
  removeAgent(master, agent, {
    state: 'TASK_LOST',
    reason: 'REASON_AGENT_REMOVED',
    lostReason: 'REASON_AGENT_REMOVED',
    message: `Agent ${agent.info.hostname} removed: Operator initiated 'Machine DOWN'`,
  });
}
