/** The master as a process sees it: its HTTP endpoints and the agents' streams on one port. */
import type { Socket } from 'node:net';
import { answerEmpty, answerJson, answerText } from '../http/answer.ts';
import { closeServer, createServer, type Exchange, type Handler, listen } from '../http/server.ts';
import { acceptAgent } from './agent-link.ts';
import { Master } from './master.ts';
import type { MasterOptions } from './master-info.ts';
import { VERSION } from '../version.ts';
import { handleOperatorRequest } from './operator-api.ts';
import { handleSchedulerRequest } from './scheduler-endpoint.ts';
import { viewAgents, viewFrameworks, viewState, viewTasks } from './state-view.ts';

export interface RunningMaster {
  readonly master: Master;
  readonly port: number;
  close(): Promise<void>;
}

function teardown(master: Master, exchange: Exchange): void {
  const id = new URLSearchParams(exchange.body.toString('utf8')).get('frameworkId');
  const framework = id === null ? undefined : master.frameworks.get(id);
  if (id === null) return answerText(exchange.response, 400, "Missing 'frameworkId' query parameter");
  if (framework === undefined)
    return answerText(exchange.response, 400, 'No framework found with specified ID');
  master.removeFramework(framework);
  answerEmpty(exchange.response, 200);
}

/** Also of libprocess under `/master`. */
function routesOf(master: Master): Map<string, Handler> {
  const view =
    (render: (master: Master) => object): Handler =>
    ({ response }) =>
      answerJson(response, JSON.stringify(render(master)));
  const location = (): string => `//${master.options.hostname}:${master.info.port}`;
  const routes: [string, Handler][] = [
    ['/api/v1', (exchange) => handleOperatorRequest(master, exchange)],
    ['/api/v1/scheduler', (exchange) => handleSchedulerRequest(master, exchange)],
    ['/health', ({ response }) => answerEmpty(response, 200)],
    ['/redirect', ({ response }) => answerEmpty(response, 307, { Location: location() })],
    ['/version', view(() => ({ version: VERSION }))],
    ['/state', view(viewState)],
    ['/slaves', view(viewAgents)],
    ['/frameworks', view(viewFrameworks)],
    ['/tasks', view(viewTasks)],
    ['/teardown', (exchange) => teardown(master, exchange)],
  ];
  return new Map(
    routes.flatMap(([path, handler]) => [
      [path, handler],
      [`/master${path}`, handler],
    ]),
  );
}

/**
 * Starts a master on the port, or on a free one for 0.
 * @throws StevedoreError ERR_LOCAL_ADDRESS_TAKEN
 */
export async function startMaster(options: MasterOptions, port: number): Promise<RunningMaster> {
  const master = new Master(options);
  const server = createServer(routesOf(master));
  server.on('upgrade', (request, socket) => acceptAgent(master, request, socket as Socket));
  const bound = await listen(server, options.ip, port);
  master.start(bound);
  const close = async (): Promise<void> => {
    master.stop();
    await closeServer(server);
  };
  return { master, port: bound, close };
}
