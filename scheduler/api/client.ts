/** Asks a running scheduler: over the socket in its state directory, or over TLS with its token. */
import { type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import type { Problem } from './problem.ts';
import { openSocketPath } from './socket-path.ts';

export interface RemoteApi {
  /** `https://host:port`. */
  readonly url: string;
  readonly token: string;
  /** PEM of the CA; unset: those of the system. */
  readonly ca?: string | undefined;
}

/** A state directory on this host, or a scheduler elsewhere. */
export type ApiAddress = string | RemoteApi;

export interface CallOptions {
  readonly body?: object | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

function isSocket(address: ApiAddress): address is string {
  return typeof address === 'string';
}

/** The answer with its body still to be read. @throws StevedoreError ERR_API_UNREACHABLE */
export async function openAnswer(
  address: ApiAddress,
  [method, path]: readonly ['GET' | 'POST', string],
  { body, signal, headers = {} }: CallOptions = {},
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = { ...headers, ...type };
  const common: RequestOptions = { method, path, agent: false, headers: sent, ...(signal && { signal }) };
  const socket = isSocket(address) ? tryOpenSocket(address) : undefined;
  const outgoing = isSocket(address)
    ? requestHttp({ ...common, socketPath: socket?.path ?? '' }, resolve)
    : requestHttps(
        new URL(path, address.url),
        {
          ...common,
          headers: { ...sent, authorization: `Bearer ${address.token}` },
          ...(address.ca === undefined ? {} : { ca: address.ca }),
        },
        resolve,
      );
  outgoing.on('error', reject);
  outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  try {
    return await promise;
  } catch (error) {
    throw toUnreachable(address, error);
  } finally {
    socket?.release();
  }
}

/** As a part of a sentence, without what Node adds for programmers. */
function toPart(text: string): string {
  return text.replace(/; if the root CA is installed locally.*$/, '').replace(/\.$/, '');
}

function toUnreachable(address: ApiAddress, error: unknown): StevedoreError {
  const directory = isSocket(address) ? address : address.url;
  return new StevedoreError(
    'ERR_API_UNREACHABLE',
    { directory, problem: toPart(messageOf(error)) },
    { cause: error },
  );
}

function tryOpenSocket(stateDirectory: string) {
  try {
    return openSocketPath(stateDirectory);
  } catch (error) {
    throw toUnreachable(stateDirectory, error);
  }
}

async function readAll(address: ApiAddress, answer: IncomingMessage): Promise<string> {
  answer.setEncoding('utf8');
  let text = '';
  try {
    for await (const piece of answer as AsyncIterable<string>) text += piece;
  } catch (error) {
    throw toUnreachable(address, error);
  }
  return text;
}

/** Words of who answers instead of a scheduler may be a whole page. */
const MOST_CHARACTERS = 500;

function readProblem(text: string): Partial<Problem> {
  try {
    return JSON.parse(text) as Partial<Problem>;
  } catch {
    return { title: text.slice(0, MOST_CHARACTERS) };
  }
}

function toRefusal(address: ApiAddress, status: number, text: string): StevedoreError {
  const { title = `HTTP ${status}`, code, nearest } = readProblem(text);
  if (code === 'ERR_API_NO_LEADER') return toUnreachable(address, new Error(title));
  const problem = nearest === undefined ? title : `${title} Did you mean '${nearest}'?`;
  return new StevedoreError('ERR_API_REFUSED', { status, problem });
}

/** Throws what a status other than 2xx means. @throws StevedoreError ERR_API_REFUSED, ERR_API_UNREACHABLE */
export async function refuseFailure(address: ApiAddress, answer: IncomingMessage): Promise<void> {
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300) return;
  throw toRefusal(address, status, await readAll(address, answer));
}

function parseAnswer<T>(address: ApiAddress, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw toUnreachable(address, new Error('who answers is no scheduler'));
  }
}

/**
 * The parsed JSON of a 2xx answer; the caller knows its shape (`api/status.ts`).
 * @throws StevedoreError ERR_API_UNREACHABLE; ERR_API_REFUSED with the scheduler's own words
 */
export async function callApi<T = unknown>(
  address: ApiAddress,
  method: 'GET' | 'POST',
  path: string,
  options?: CallOptions,
): Promise<T> {
  const answer = await openAnswer(address, [method, path], options);
  await refuseFailure(address, answer);
  return parseAnswer<T>(address, await readAll(address, answer));
}
