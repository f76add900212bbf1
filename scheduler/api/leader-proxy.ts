/** A standby passes requests on to the scheduler that leads. */
import { type IncomingMessage, type ServerResponse, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline } from 'node:stream';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import type { LeaderData } from '../leadership/leader-data.ts';

/** A teardown answers when all has ended. */
const TIMEOUT_MS = 180_000;
/** Of one connection only (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** A leader that has just been lost may still be named: a request is never passed on twice. */
const PASSED_ON = 'x-stevedore-standby';

function dropHops(headers: IncomingMessage['headers']) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

function toHeaders(headers: IncomingMessage['headers'], token: string | undefined) {
  const { host: _host, ...kept } = dropHops(headers);
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return { ...kept, ...authorization, [PASSED_ON]: '1' };
}

/** Only the path is the client's: `//host/` or a whole URL in the request line must not lead elsewhere. */
function toTarget({ apiUrl, pid, host }: LeaderData, { method = '', url: path = '' }: IncomingMessage): URL {
  if (!/^https?:/.test(apiUrl)) {
    const problem = `it is process ${pid} on ${host}, whose API listens on its socket only`;
    throw new StevedoreError('ERR_API_NO_LEADER', { problem });
  }
  if (!/^\/(?!\/)/.test(path)) throw new StevedoreError('ERR_API_ROUTE', { method, path });
  return new URL(`${new URL(apiUrl).origin}${path}`);
}

/** @throws StevedoreError ERR_API_NO_LEADER: nobody leads, or who led does not answer */
export async function passOn(
  leader: LeaderData | undefined,
  token: string | undefined,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  if (leader === undefined || request.headers[PASSED_ON] !== undefined)
    throw new StevedoreError('ERR_API_NO_LEADER', { problem: 'no scheduler leads at this moment' });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const url = toTarget(leader, request);
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  const outgoing = open(url, {
    method: request.method,
    headers: toHeaders(request.headers, token),
    timeout: TIMEOUT_MS,
    ...(leader.caPem === undefined ? {} : { ca: leader.caPem }),
  });
  outgoing.on('timeout', () => outgoing.destroy(new Error('it does not answer')));
  outgoing.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, dropHops(answer.headers));
    pipeline(answer, response, () => resolve());
  });
  outgoing.on('error', reject);
  response.on('close', () => outgoing.destroy());
  pipeline(request, outgoing, () => undefined);
  try {
    await promise;
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    const problem = `${leader.apiUrl}: ${messageOf(error)}`;
    throw new StevedoreError('ERR_API_NO_LEADER', { problem }, { cause: error });
  }
}
