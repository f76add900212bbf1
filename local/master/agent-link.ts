/** The master's end of an agent's stream. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { isTerminal } from '../../protocol/mesos/task.ts';
import { Channel, LINK_PATH, LINK_PROTOCOL } from '../link/channel.ts';
import type { AgentMessage, MasterMessage } from '../link/messages.ts';
import { admit, disconnectAgent } from './agent-registry.ts';
import type { Master } from './master.ts';
import { receiveOperationStatus } from './operations.ts';
import { type AgentRecord, executorKey } from './records.ts';

type Received<T extends AgentMessage['type']> = Extract<AgentMessage, { type: T }>;

function forwardUpdate(master: Master, message: Received<'UPDATE'>): void {
  const framework = master.frameworks.get(message.frameworkId);
  if (framework === undefined) return;
  const task = framework.tasks.get(message.status.task_id.value);
  if (task !== undefined) {
    if (!isTerminal(task.state)) task.state = message.latestState;
    task.status = message.status;
    if (task.statuses.at(-1)?.uuid !== message.status.uuid) task.statuses.push(message.status);
  }
  master.sendUpdate(framework, message.status);
}

/** No word of a command task's executor: its end is told by the task's own last state. */
function forwardExit(master: Master, agent: AgentRecord, message: Received<'EXITED_EXECUTOR'>): void {
  const known = agent.executors.delete(executorKey(message.frameworkId, message.executorId));
  const framework = master.frameworks.get(message.frameworkId);
  if (!known || framework === undefined) return;
  const executor_id = { value: message.executorId };
  const failure = { agent_id: { value: agent.id }, executor_id, status: message.status };
  master.send(framework, { type: 'FAILURE', failure });
}

function forwardMessage(master: Master, agent: AgentRecord, received: Received<'EXECUTOR_MESSAGE'>): void {
  const framework = master.frameworks.get(received.frameworkId);
  if (framework === undefined) return;
  const message = {
    agent_id: { value: agent.id },
    executor_id: { value: received.executorId },
    data: received.data,
  };
  master.send(framework, { type: 'MESSAGE', message });
}

function receive(master: Master, agent: AgentRecord, message: AgentMessage): void {
  switch (message.type) {
    case 'UPDATE':
      return forwardUpdate(master, message);
    case 'EXITED_EXECUTOR':
      return forwardExit(master, agent, message);
    case 'EXECUTOR_MESSAGE':
      return forwardMessage(master, agent, message);
    case 'UPDATE_OPERATION_STATUS': {
      const framework = master.frameworks.get(message.frameworkId);
      if (framework !== undefined) receiveOperationStatus(master, framework, agent.id, message.status);
      return;
    }
    case 'PONG':
      agent.unansweredPings = 0;
      return;
    case 'REGISTER':
      return;
  }
}

/** Serves `Upgrade` requests of agents; any other is refused. */
export function acceptAgent(master: Master, request: IncomingMessage, socket: Socket): void {
  if (request.url !== LINK_PATH || request.headers.upgrade !== LINK_PROTOCOL) {
    socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${LINK_PROTOCOL}\r\n\r\n`,
  );
  let agent: AgentRecord | undefined;
  const channel = new Channel<MasterMessage, AgentMessage>(socket, (message) => {
    if (message.type === 'REGISTER') agent = admit(master, channel, message);
    else if (agent?.channel === channel) receive(master, agent, message);
  });
  master.channels.add(channel);
  channel.onClose(() => {
    master.channels.delete(channel);
    if (agent !== undefined) disconnectAgent(master, agent, channel);
  });
}
