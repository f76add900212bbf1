/** An HTTP server that routes as libprocess does: the longest registered path of which the request's path is inside. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { messageOf, StevedoreError } from '../../protocol/errors.ts';
import { answerText } from './answer.ts';

/** One request with its whole body, which is small in both APIs. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: Buffer;
}

export type Handler = (exchange: Exchange) => void | Promise<void>;
export type Routes = ReadonlyMap<string, Handler>;

function findHandler(routes: Routes, path: string): Handler | undefined {
  let prefix = path;
  while (prefix !== '') {
    const handler = routes.get(prefix);
    if (handler !== undefined) return handler;
    prefix = prefix.slice(0, prefix.lastIndexOf('/'));
  }
  return routes.get('/');
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

async function handle(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://local');
  const handler = findHandler(routes, decodeURI(url.pathname));
  if (handler === undefined) return answerText(response, 404, '404 Not Found.');
  await handler({ request, response, url, body: await readBody(request) });
}

/** Answers nothing to `Expect: 100-continue` and closes on garbage, as recorded. */
export function createServer(routes: Routes): http.Server {
  const listener = listenerOf(routes);
  const server = http.createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, listener);
  server.on('checkContinue', listener);
  server.on('clientError', (_error, socket) => socket.destroy());
  return server;
}

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

export function listenerOf(routes: Routes): Listener {
  return (request: IncomingMessage, response: ServerResponse): void => {
    handle(routes, request, response).catch((error: unknown) => {
      if (!response.headersSent) answerText(response, 500, messageOf(error));
    });
  };
}

/**
 * Listens and returns the port, which the system chose if 0 was asked for.
 * @throws StevedoreError ERR_LOCAL_ADDRESS_TAKEN
 */
export async function listen(server: NetServer, ip: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const fields = { address: `${ip}:${port}`, problem: error.message };
      reject(new StevedoreError('ERR_LOCAL_ADDRESS_TAKEN', fields, { cause: error }));
    });
    server.listen(port, ip, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Ends the server and every connection to it. */
export async function closeServer(server: http.Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
