/** One request from its first byte to its answer: who may ask, what is asked, and what became of it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { StevedoreError } from '../../protocol/errors.ts';
import type { LeaderData } from '../leadership/leader-data.ts';
import { isAuthorized } from './access-token.ts';
import { type ApiRequest, answer, findRoute } from './dispatcher.ts';
import { streamEvents } from './event-stream.ts';
import { passOn } from './leader-proxy.ts';
import { renderOpenApi } from './openapi.ts';
import { type Problem, toProblem } from './problem.ts';
import type { Channel } from './route.ts';
import { ROUTES } from './routes.ts';
import type { SchedulerControl } from './scheduler-control.ts';

/** What the process is at this moment. */
export interface ApiRole {
  /** Undefined: it does not lead. */
  readonly control: SchedulerControl | undefined;
  readonly leader: () => LeaderData | undefined;
  /** Undefined until the state was read. */
  readonly token: string | undefined;
}

const MAX_BODY_BYTES = 1 << 20;

/** @throws StevedoreError ERR_API_BODY */
async function readText(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > MAX_BODY_BYTES)
      throw new StevedoreError('ERR_API_BODY', { problem: `it exceeds ${MAX_BODY_BYTES} bytes` });
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function send(response: ServerResponse, status: number, body: object, type = 'application/json'): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

function sendProblem(response: ServerResponse, problem: Problem): void {
  if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  send(response, problem.status, problem, 'application/problem+json');
}

function toHealth({ control, leader }: ApiRole) {
  if (control !== undefined) return { role: 'leader', connected: control.status().connected };
  return { role: 'standby', connected: false, leader: leader()?.apiUrl };
}

/** What the table of routes does not hold. */
async function answerOther(
  control: SchedulerControl,
  path: string,
  { request, response }: Exchange,
): Promise<boolean> {
  if (request.method !== 'GET') return false;
  if (path === '/v1/events') streamEvents(control.events, request, response);
  else if (path === '/v1/openapi.json') send(response, 200, renderOpenApi(ROUTES, 'v1'));
  else if (path === '/metrics') {
    const text = await control.metrics.render(Date.now());
    response.writeHead(200, { 'Content-Type': control.metrics.contentType });
    response.end(text);
  } else return false;
  return true;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

function countRequest(control: SchedulerControl, asked: ApiRequest, status: number): void {
  let route = 'none';
  try {
    route = findRoute(ROUTES, asked).route.path;
  } catch {
    // Paths that nobody knows are one label, or a scanner would fill the registry.
  }
  const labels = { method: asked.method, route, status: String(status) };
  control.metrics.count('stevedore_api_requests_total', labels);
}

async function lead(control: SchedulerControl, channel: Channel, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const path = (request.url ?? '').replace(/\?.*$/, '');
  if (await answerOther(control, path, exchange)) return;
  let asked: ApiRequest = { method: request.method ?? '', path, body: '', channel };
  try {
    asked = { ...asked, body: await readText(request) };
    send(response, 200, (await answer(ROUTES, control, asked)) as object);
    countRequest(control, asked, 200);
  } catch (error) {
    const problem = toProblem(error);
    countRequest(control, asked, problem.status);
    sendProblem(response, problem);
  }
}

/** Over TCP everything but the health needs the token; a standby leaves that to the leader, which has the last word. */
export async function handleRequest(role: ApiRole, channel: Channel, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const { control, token, leader } = role;
  try {
    if (request.method === 'GET' && request.url === '/v1/health') return send(response, 200, toHealth(role));
    if (control === undefined)
      return await passOn(leader(), channel === 'socket' ? token : undefined, exchange);
    const { authorization } = request.headers;
    if (channel === 'tcp' && (token === undefined || !isAuthorized(authorization, token)))
      throw new StevedoreError('ERR_API_TOKEN', {});
    await lead(control, channel, exchange);
  } catch (error) {
    sendProblem(response, toProblem(error));
  }
}
