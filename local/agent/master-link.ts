/** The agent's end of its stream to the master: it comes back for ever. */
import http, { type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskStatus } from '../../protocol/mesos/task.ts';
import { Channel, LINK_PATH, LINK_PROTOCOL } from '../link/channel.ts';
import type { AgentMessage, MasterMessage, Registration } from '../link/messages.ts';
import type { Agent } from './agent.ts';
import { receive } from './master-messages.ts';
import type { AgentTask, ExecutorRecord } from './records.ts';

/** What the scheduler was told last, or is about to be told. */
function toldStatus(agent: Agent, executor: ExecutorRecord, task: AgentTask): { status?: TaskStatus } {
  const queue = agent.frameworks.get(executor.frameworkId)?.updates.get(task.info.task_id.value);
  const status = queue?.pending[0] ?? task.status;
  return status === undefined ? {} : { status };
}

function renderRegistration(agent: Agent): Registration {
  const executors = agent.executors.filter((executor) => executor.state !== 'TERMINATED');
  return {
    type: 'REGISTER',
    agent: agent.info,
    address: { hostname: agent.options.hostname, ip: agent.options.ip, port: agent.port },
    ...(agent.id === undefined ? {} : { agentId: agent.id }),
    total: agent.resources.total,
    frameworks: [...agent.frameworks.values()].map((framework) => framework.info),
    executors: executors
      .filter((executor) => !executor.builtIn)
      .map((executor) => ({ frameworkId: executor.frameworkId, info: executor.info })),
    tasks: agent.executors.flatMap((executor) =>
      [...executor.tasks.values()].map((task) => ({
        frameworkId: executor.frameworkId,
        task: task.info,
        executorId: executor.id,
        state: task.state,
        ...toldStatus(agent, executor, task),
      })),
    ),
  };
}

/** Where a master that does not lead sends the agent. */
function leaderOf({ statusCode, headers }: IncomingMessage): string {
  const leader = statusCode === 307 ? /^\/\/([^/]+)/.exec(headers.location ?? '')?.[1] : undefined;
  if (leader === undefined) throw new Error(`the master answered ${statusCode}`);
  return leader;
}

/** The upgraded socket, or the address of the master that leads. */
async function upgrade(master: string, signal: AbortSignal): Promise<Socket | string> {
  const [host, port] = [master.slice(0, master.lastIndexOf(':')), master.slice(master.lastIndexOf(':') + 1)];
  const headers = { Connection: 'Upgrade', Upgrade: LINK_PROTOCOL };
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, path: LINK_PATH, headers, signal, agent: false });
    request.on('upgrade', (_response, socket) => resolve(socket));
    request.on('response', (response) => {
      response.resume();
      try {
        resolve(leaderOf(response));
      } catch (error) {
        reject(error as Error);
      }
    });
    request.on('error', reject);
    request.end();
  });
}

/** One connection, from registration to its end. */
async function serve(agent: Agent, signal: AbortSignal): Promise<void> {
  const first = await upgrade(agent.options.master, signal);
  const socket = typeof first === 'string' ? await upgrade(first, signal) : first;
  if (typeof socket === 'string') return;
  const channel = new Channel<AgentMessage, MasterMessage>(socket, (message) => receive(agent, message));
  agent.channel = channel;
  agent.send(renderRegistration(agent));
  await new Promise<void>((resolve) => channel.onClose(resolve));
  agent.channel = undefined;
}

/** Runs until the signal. A master that is away is tried again and again. */
export async function keepRegistered(agent: Agent, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !agent.unwanted.signal.aborted) {
    await serve(agent, signal).catch(() => undefined);
    await sleep(agent.options.reconnectMs, undefined, { signal }).catch(() => undefined);
  }
}
