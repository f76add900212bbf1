/** The scheduler's own API, over a Unix socket: what may enter the state directory may ask. */
import { chmodSync, rmSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { join } from 'node:path';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import type { OperatorAction } from '../core/operator-action.ts';
import type { Accepted, ExplainReport, StatusReport, TeardownReport } from './status.ts';
import { openSocketPath } from './socket-path.ts';

/** What the API asks of the scheduler. */
export interface SchedulerControl {
  status(): StatusReport;
  explain(): ExplainReport;
  /** @throws StevedoreError why it cannot be done now */
  act(action: OperatorAction): Promise<void>;
  /** Resolves when the framework is gone. @throws StevedoreError ERR_TEARDOWN_TIMEOUT */
  teardown(): Promise<TeardownReport>;
  /** Ends this scheduler; tasks keep running. */
  stop(): void;
}

type Answer = StatusReport | ExplainReport | TeardownReport | Accepted;

/** For answers that are being written. */
const CLOSE_GRACE_MS = 1000;

const ACCEPTED: Accepted = { accepted: true };

async function answerRequest(
  control: SchedulerControl,
  method: string,
  path: string,
): Promise<Answer | undefined> {
  const action = /^\/v1\/instances\/([\w.-]+)\/(restart|forget)$/.exec(path);
  if (method === 'GET' && path === '/v1/status') return control.status();
  if (method === 'GET' && path === '/v1/explain') return control.explain();
  if (method === 'POST' && path === '/v1/teardown') return await control.teardown();
  if (method === 'POST' && path === '/v1/stop') return ACCEPTED;
  if (method !== 'POST' || action === null) return undefined;
  await control.act({ kind: action[2] as 'restart' | 'forget', instance: action[1] as string });
  return ACCEPTED;
}

function send(response: ServerResponse, status: number, body: object): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'Content-Type': type });
  response.end(`${JSON.stringify(body)}\n`);
}

async function respond(
  control: SchedulerControl,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [method, path] = [request.method ?? '', (request.url ?? '').replace(/\?.*$/, '')];
  try {
    const answer = await answerRequest(control, method, path);
    if (answer === undefined)
      return send(response, 404, { status: 404, title: `there is no ${method} ${path}` });
    send(response, 200, answer);
    if (path === '/v1/stop') control.stop();
  } catch (error) {
    const status = error instanceof StevedoreError ? error.status : 500;
    send(response, status, { status, title: messageOf(error) });
  }
}

export interface ApiServer {
  close(): Promise<void>;
}

async function listen(server: Server, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(path, resolve);
  await promise;
}

/** The directory must be locked: a socket that an earlier scheduler left is replaced. */
export async function openApiServer(stateDirectory: string, control: SchedulerControl): Promise<ApiServer> {
  const file = join(stateDirectory, 'api.sock');
  rmSync(file, { force: true });
  const socket = openSocketPath(stateDirectory);
  const server = createServer((request, response) => void respond(control, request, response));
  await listen(server, socket.path);
  chmodSync(file, 0o600);
  return {
    close: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
      await promise;
      clearTimeout(timer);
      rmSync(file, { force: true });
      socket.release();
    },
  };
}
