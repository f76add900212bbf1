/** The master as a process sees it: its HTTP endpoints and the agents' streams on one port. */
import type { IncomingMessage } from 'node:http';
import type { Server, Socket } from 'node:net';
import { answerEmpty, answerJson, answerText } from '../http/answer.ts';
import { createServer, type Exchange, type Handler, listen, listenerOf } from '../http/server.ts';
import { createTlsServer } from '../http/tls-server.ts';
import { acceptAgent } from './agent-link.ts';
import { Master } from './master.ts';
import type { MasterOptions } from './master-info.ts';
import { VERSION } from '../version.ts';
import { handleOperatorRequest } from './operator-api.ts';
import { redirectTo } from './redirection.ts';
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
  const { leader } = master.options;
  const own = new Set(leader === undefined ? routes.map(([path]) => path) : ['/health', '/version']);
  return new Map(
    routes.flatMap(([path, handler]) => {
      const answer = own.has(path) ? handler : redirectTo(leader ?? '', path);
      return [
        [path, answer],
        [`/master${path}`, answer],
      ];
    }),
  );
}

/** An agent that asks a master which does not lead is sent on like everybody. */
function acceptUpgrade(master: Master, request: IncomingMessage, socket: Socket): void {
  const { leader } = master.options;
  if (leader === undefined) return acceptAgent(master, request, socket);
  const head = `HTTP/1.1 307 Temporary Redirect\r\nLocation: //${leader}${request.url}\r\n`;
  socket.end(`${head}Content-Length: 0\r\n\r\n`);
}

/** In the clear, or with TLS when there are files for it. */
function createMasterServer(master: Master): { server: Server; closeAllConnections(): void } {
  const routes = routesOf(master);
  const upgrade = (request: IncomingMessage, socket: Socket): void => acceptUpgrade(master, request, socket);
  const { tls } = master.options;
  if (tls !== undefined) return createTlsServer(tls, listenerOf(routes), upgrade);
  const server = createServer(routes);
  server.on('upgrade', (request, socket) => upgrade(request, socket as Socket));
  return { server, closeAllConnections: () => server.closeAllConnections() };
}

/**
 * Starts a master on the port, or on a free one for 0.
 * @throws StevedoreError ERR_LOCAL_ADDRESS_TAKEN, ERR_LOCAL_FLAG_VALUE
 */
export async function startMaster(options: MasterOptions, port: number): Promise<RunningMaster> {
  const master = new Master(options);
  const { server, ...open } = createMasterServer(master);
  const bound = await listen(server, options.ip, port);
  master.start(bound);
  const close = async (): Promise<void> => {
    master.stop();
    const closed = new Promise((resolve) => server.close(resolve));
    open.closeAllConnections();
    await closed;
  };
  return { master, port: bound, close };
}
