/** A standby passes requests on to the scheduler that leads. */
import { type IncomingMessage, type ServerResponse, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline } from 'node:stream';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import type { LeaderData } from '../leadership/leader-data.ts';

const TIMEOUT_MS = 90_000;
/** Of one connection only (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade']);
/** A leader that has just been lost may still be named: a request is never passed on twice. */
const PASSED_ON = 'x-stevedore-standby';

function toHeaders(headers: IncomingMessage['headers'], token: string | undefined) {
  const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && name !== 'host');
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return { ...Object.fromEntries(kept), ...authorization, [PASSED_ON]: '1' };
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
  const url = new URL(request.url ?? '/', leader.apiUrl);
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  const outgoing = open(url, {
    method: request.method,
    headers: toHeaders(request.headers, token),
    timeout: TIMEOUT_MS,
    ...(leader.caPem === undefined ? {} : { ca: leader.caPem }),
  });
  outgoing.on('timeout', () => outgoing.destroy(new Error('it does not answer')));
  outgoing.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
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
