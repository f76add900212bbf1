/**
 * One subscription: the SUBSCRIBE request with its stream of events, and a second connection for calls. Where the wire
 * is odd: a stream ends with a terminal chunk while the connection stays open, and a redirect is scheme-relative.
 */
import * as http from 'node:http';
import * as https from 'node:https';
import type { SchedulerCall, SchedulerEvent } from '../../protocol/mesos/scheduler.ts';
import { RecordParser } from '../../protocol/record-io.ts';
import type { MasterAddress } from './master-detector.ts';

const PATH = '/api/v1/scheduler';
const CALL_TIMEOUT_MS = 75_000;
const CONNECT_TIMEOUT_MS = 30_000;
const MISSED_HEARTBEATS = 5;
const DEFAULT_HEARTBEAT_SECONDS = 15;

/** An answer that is not the wanted one. */
export interface Rejection {
  readonly kind: 'rejected';
  readonly status: number;
  readonly body: string;
  readonly location: string | undefined;
}

export interface StreamRequest {
  readonly master: MasterAddress;
  readonly authorization: string | undefined;
  readonly call: SchedulerCall;
  readonly signal: AbortSignal;
}

interface Post {
  readonly master: MasterAddress;
  readonly headers: http.OutgoingHttpHeaders;
  readonly agent: http.Agent;
  readonly body: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

function createAgent(master: MasterAddress): http.Agent {
  const options = { keepAlive: true, maxSockets: 1 };
  return master.protocol === 'https:' ? new https.Agent(options) : new http.Agent(options);
}

/**
 * Resolves with the head of the response. The signal counts up to there: http's own would also hit a socket that is on
 * its way back to the agent, where nobody listens for its error.
 */
function post(request: Post): Promise<http.IncomingMessage> {
  const { master, headers, agent, body, timeoutMs, signal } = request;
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const send = master.protocol === 'https:' ? https.request : http.request;
  const { protocol, hostname, port } = master;
  const outgoing = send({ protocol, hostname, port, path: PATH, method: 'POST', agent, headers }, resolve);
  const timeout = () => outgoing.destroy(new Error(`no answer within ${timeoutMs / 1000} s`));
  const timer = setTimeout(timeout, timeoutMs);
  const abort = () => outgoing.destroy(new Error('the scheduler stops'));
  signal.addEventListener('abort', abort, { once: true });
  outgoing.on('error', reject);
  outgoing.end(body);
  if (signal.aborted) abort();
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  });
}

async function readBody(response: http.IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8').slice(0, 2000);
}

function toHeaders(body: string, authorization: string | undefined): http.OutgoingHttpHeaders {
  return {
    'Content-Type': 'application/json',
    Accept: 'application/json',
    'Content-Length': Buffer.byteLength(body),
    ...(authorization === undefined ? {} : { Authorization: authorization }),
  };
}

export class SchedulerStream {
  readonly #request: StreamRequest;
  readonly #response: http.IncomingMessage;
  readonly #streamId: string;
  readonly #agents: readonly [subscription: http.Agent, calls: http.Agent];
  readonly #abort = () => this.close();

  constructor(request: StreamRequest, response: http.IncomingMessage, agent: http.Agent) {
    this.#request = request;
    this.#response = response;
    this.#streamId = String(response.headers['mesos-stream-id'] ?? '');
    this.#agents = [agent, createAgent(request.master)];
    // Told by the iteration; without a listener an error between two reads would end the process.
    response.on('error', () => undefined);
    request.signal.addEventListener('abort', this.#abort, { once: true });
    if (request.signal.aborted) this.close();
  }

  /** Yields events until the master ends the stream. @throws Error on silence, a cut connection, or a broken frame. */
  async *events(): AsyncGenerator<SchedulerEvent> {
    const parser = new RecordParser();
    let silenceMs = DEFAULT_HEARTBEAT_SECONDS * MISSED_HEARTBEATS * 1000;
    const silence = () =>
      this.#response.destroy(new Error(`no heartbeat within ${Math.round(silenceMs / 1000)} s`));
    let timer = setTimeout(silence, silenceMs);
    try {
      for await (const chunk of this.#response) {
        clearTimeout(timer);
        for (const record of parser.push(chunk as Buffer)) {
          const event = JSON.parse(record.toString('utf8')) as SchedulerEvent;
          if (event.type === 'SUBSCRIBED')
            silenceMs =
              (event.subscribed.heartbeat_interval_seconds ?? DEFAULT_HEARTBEAT_SECONDS) *
              MISSED_HEARTBEATS *
              1000;
          yield event;
        }
        timer = setTimeout(silence, silenceMs);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** @returns a rejection unless the master took it (202). @throws Error when it could not be asked. */
  async send(call: SchedulerCall): Promise<Rejection | undefined> {
    const body = JSON.stringify(call);
    const response = await post({
      master: this.#request.master,
      headers: { ...toHeaders(body, this.#request.authorization), 'Mesos-Stream-Id': this.#streamId },
      agent: this.#agents[1],
      body,
      timeoutMs: CALL_TIMEOUT_MS,
      signal: this.#request.signal,
    });
    const text = await readBody(response);
    if (response.statusCode === 202) return undefined;
    return { kind: 'rejected', status: response.statusCode ?? 0, body: text, location: undefined };
  }

  /** Ends both connections; Mesos takes that as a disconnection, never as a teardown. */
  close(): void {
    this.#request.signal.removeEventListener('abort', this.#abort);
    this.#response.destroy();
    for (const agent of this.#agents) agent.destroy();
  }
}

/** Subscribes. @throws Error when the master cannot be reached. */
export async function openSchedulerStream(request: StreamRequest): Promise<SchedulerStream | Rejection> {
  const body = JSON.stringify(request.call);
  const agent = createAgent(request.master);
  const response = await post({
    master: request.master,
    headers: toHeaders(body, request.authorization),
    agent,
    body,
    timeoutMs: CONNECT_TIMEOUT_MS,
    signal: request.signal,
  });
  if (response.statusCode === 200) return new SchedulerStream(request, response, agent);
  const text = await readBody(response);
  agent.destroy();
  return {
    kind: 'rejected',
    status: response.statusCode ?? 0,
    body: text.trim(),
    location: response.headers.location,
  };
}
