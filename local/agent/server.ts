/** The agent as a process sees it: its endpoints, its recovery and its stream to the master. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerEmpty, answerJson } from '../http/answer.ts';
import { closeServer, createServer, type Handler, listen } from '../http/server.ts';
import { Agent, type AgentOptions } from './agent.ts';
import { handleExecutorRequest } from './executor-endpoint.ts';
import { handleFilesRequest } from './files-endpoint.ts';
import { VERSION } from '../version.ts';
import { keepRegistered } from './master-link.ts';
import { trackDescendants } from './processes.ts';
import { recover } from './recovery.ts';
import { viewAgentState } from './state-view.ts';

const TRACK_MS = 1000;

export interface RunningAgent {
  readonly agent: Agent;
  readonly port: number;
  /** Resolves when the master sent the agent away and all that it ran has ended. */
  readonly dismissed: Promise<void>;
  /** Ends the agent as its process' end would: executors run on. */
  close(): Promise<void>;
}

/** Also under the name of libprocess' actor. */
function routesOf(agent: Agent): Map<string, Handler> {
  const sandboxes = path.join(agent.options.workDir, 'slaves');
  const files: Handler = (exchange) => handleFilesRequest(sandboxes, exchange);
  const routes: [string, Handler][] = [
    ['/api/v1/executor', (exchange) => handleExecutorRequest(agent, exchange)],
    ['/health', ({ response }) => answerEmpty(response, 200)],
    ['/version', ({ response }) => answerJson(response, JSON.stringify({ version: VERSION }))],
    ['/state', ({ response }) => answerJson(response, JSON.stringify(viewAgentState(agent, VERSION)))],
    ['/files/browse', files],
    ['/files/read', files],
    ['/files/download', files],
  ];
  return new Map(
    routes.flatMap(([route, handler]) => [
      [route, handler],
      [`/slave(1)${route}`, handler],
    ]),
  );
}

/** Watches which processes descend from executors, for the day that one of them has to be ended. */
function track(agent: Agent): void {
  for (const executor of agent.executors) {
    const { process: root, descendants, directory } = executor;
    if (root !== undefined && executor.state !== 'TERMINATED')
      trackDescendants({ root, descendants, sandbox: directory });
  }
}

async function untilDismissed(agent: Agent, stop: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    agent.unwanted.signal.addEventListener('abort', () => resolve());
    stop.addEventListener('abort', () => resolve());
  });
  while (!stop.aborted && agent.executors.some(({ state }) => state !== 'TERMINATED'))
    await sleep(TRACK_MS, undefined, { signal: stop }).catch(() => undefined);
}

/** A port that executors know is used again; when another took it, they are lost like those of a dead agent. */
async function listenAgain(
  server: ReturnType<typeof createServer>,
  agent: Agent,
  port: number,
): Promise<number> {
  const { ip } = agent.options;
  const former = agent.checkpoint.readAgent()?.port ?? 0;
  if (port !== 0 || former === 0) return listen(server, ip, port);
  return listen(server, ip, former).catch(() => listen(server, ip, 0));
}

/**
 * Starts an agent on the port, or for 0 on the one that it had before, else on a free one.
 * @throws StevedoreError ERR_LOCAL_ADDRESS_TAKEN, ERR_LOCAL_WORK_DIR, ERR_LOCAL_RESERVATIONS_LOST
 */
export async function startAgent(options: AgentOptions, port: number): Promise<RunningAgent> {
  const agent = new Agent(options);
  const stop = new AbortController();
  const server = createServer(routesOf(agent));
  agent.port = await listenAgain(server, agent, port);
  agent.id = agent.checkpoint.readAgent()?.id;
  agent.drain = agent.checkpoint.readAgent()?.drain;
  agent.save();
  const tracking = setInterval(() => track(agent), TRACK_MS);
  const registered = recover(agent, stop.signal).then(() => keepRegistered(agent, stop.signal));
  const close = async (): Promise<void> => {
    stop.abort();
    clearInterval(tracking);
    agent.stop();
    await registered;
    await closeServer(server);
  };
  return { agent, port: agent.port, dismissed: untilDismissed(agent, stop.signal), close };
}
