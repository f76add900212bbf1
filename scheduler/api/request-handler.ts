/** One request from its first byte to its answer: who may ask, what is asked, and what became of it. */
import type { ServerResponse } from 'node:http';
import { StevedoreError } from '../../protocol/errors.ts';
import type { LeaderData } from '../leadership/leader-data.ts';
import { isAuthorized } from './access-token.ts';
import { readBodyText } from './body-text.ts';
import { type ApiRequest, answer, findRoute } from './dispatcher.ts';
import { passOn } from './leader-proxy.ts';
import { SchedulerMetrics } from '../metrics/scheduler-metrics.ts';
import { type Exchange, OTHER_ROUTES, sendMetrics } from './other-routes.ts';
import { toProblem } from './problem.ts';
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

function send(response: ServerResponse, status: number, body: object, type = 'application/json'): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'Content-Type': type });
  response.end(`${JSON.stringify(body)}\n`);
}

function sendFailure(response: ServerResponse, error: unknown): void {
  const problem = toProblem(error);
  if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  // What was not read of a body would be taken for the next request.
  if (problem.status === 413) response.setHeader('Connection', 'close');
  if (error instanceof StevedoreError && error.code === 'ERR_API_METHOD')
    response.setHeader('Allow', String(error.fields.allowed));
  send(response, problem.status, problem, 'application/problem+json');
}

function toHealth({ control, leader }: ApiRole) {
  if (control !== undefined) return { role: 'leader', connected: control.status().connected };
  return { role: 'standby', connected: false, leader: leader()?.apiUrl };
}

/** HEAD is a GET whose body is not sent (RFC 9110, 9.3.2). */
function toRequest({ request }: Exchange, channel: Channel): ApiRequest {
  const { method = '', url = '' } = request;
  return { method: method === 'HEAD' ? 'GET' : method, path: url.replace(/\?.*$/s, ''), channel };
}

/** Paths that nobody knows are one label, or a scanner would fill the registry. */
function nameRoute(asked: ApiRequest): string {
  if (OTHER_ROUTES.some(({ path }) => path === asked.path)) return asked.path;
  try {
    return findRoute(ROUTES, asked).route.path;
  } catch {
    return 'none';
  }
}

const METHODS = new Set(['GET', 'POST']);

function countRequest({ metrics }: SchedulerControl, asked: ApiRequest, status: number): void {
  const method = METHODS.has(asked.method) ? asked.method : 'other';
  const labels = { method, route: nameRoute(asked), status: String(status) };
  metrics.count('stevedore_api_requests_total', labels);
}

async function lead(control: SchedulerControl, asked: ApiRequest, exchange: Exchange): Promise<void> {
  const other = OTHER_ROUTES.find(({ path }) => path === asked.path);
  if (other !== undefined && asked.method === 'GET') return await other.handle(control, exchange);
  if (other !== undefined) throw new StevedoreError('ERR_API_METHOD', { ...asked, allowed: 'GET' });
  const found = findRoute(ROUTES, asked);
  const text = await readBodyText(exchange.request);
  const { channel } = asked;
  send(exchange.response, 200, (await answer(control, found, { text, channel })) as object);
}

function checkToken({ token }: ApiRole, { request }: Exchange): void {
  if (token === undefined || !isAuthorized(request.headers.authorization, token))
    throw new StevedoreError('ERR_API_TOKEN', {});
}

/** Whoever scrapes every scheduler must find the leader's numbers once. */
function createStandbyMetrics(): SchedulerMetrics {
  const metrics = new SchedulerMetrics();
  metrics.set('stevedore_leader', 0);
  return metrics;
}

/** What it was asked is to be done by the scheduler that leads, but for its own end and its own numbers. */
async function standBy(role: ApiRole, asked: ApiRequest, exchange: Exchange): Promise<void> {
  const { leader, token } = role;
  if (asked.path === '/v1/stop') throw new StevedoreError('ERR_API_STOP_STANDBY', { pid: process.pid });
  if (asked.method === 'GET' && asked.path === '/metrics') {
    if (asked.channel === 'tcp') checkToken(role, exchange);
    return await sendMetrics({ metrics: createStandbyMetrics() }, exchange);
  }
  await passOn(leader(), asked.channel === 'socket' ? token : undefined, exchange);
}

/** Over TCP everything but the health needs the token; a standby leaves that to the leader, which has the last word. */
export async function handleRequest(role: ApiRole, channel: Channel, exchange: Exchange): Promise<void> {
  const { response } = exchange;
  const { control } = role;
  const asked = toRequest(exchange, channel);
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (control !== undefined) response.once('close', () => countRequest(control, asked, response.statusCode));
  try {
    if (asked.method === 'GET' && asked.path === '/v1/health') return send(response, 200, toHealth(role));
    if (control === undefined) return await standBy(role, asked, exchange);
    if (channel === 'tcp') checkToken(role, exchange);
    await lead(control, asked, exchange);
  } catch (error) {
    sendFailure(response, error);
  }
}
