/**
 * One subscription: the SUBSCRIBE request with its stream of events, and a second connection for calls. Where the wire
 * is odd: a stream ends with a terminal chunk while the connection stays open. Once closed it yields nothing more.
 */
import type * as http from 'node:http';
import type { SchedulerCall, SchedulerEvent } from '../../protocol/mesos/scheduler.ts';
import { RecordParser } from '../../protocol/record-io.ts';
import { type Rejection, type StreamRequest, sendCall, toRejection } from './scheduler-call.ts';

const TCP_KEEPALIVE_MS = 30_000;
const DEFAULT_HEARTBEAT_SECONDS = 15;
const ACCEPTED = new Set([200, 202]);

export class SchedulerStream {
  readonly #request: StreamRequest;
  readonly #response: http.IncomingMessage;
  readonly #streamId: string;
  readonly #agents: readonly [subscription: http.Agent, calls: http.Agent];
  readonly #abort = () => this.close(this.#request.signal.reason as Error);
  #closed: Error | undefined;

  constructor(request: StreamRequest, response: http.IncomingMessage, agent: http.Agent) {
    this.#request = request;
    this.#response = response;
    this.#streamId = String(response.headers['mesos-stream-id']);
    this.#agents = [agent, request.access.createAgent(request.master.protocol)];
    // Told by the iteration; without a listener an error between two reads would end the process.
    response.on('error', () => undefined);
    response.socket.setKeepAlive(true, TCP_KEEPALIVE_MS);
    request.signal.addEventListener('abort', this.#abort, { once: true });
    if (request.signal.aborted) this.#abort();
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** Yields events until the master ends the stream. @throws Error on silence, a cut, a broken frame, or `close`. */
  async *events(): AsyncGenerator<SchedulerEvent> {
    const parser = new RecordParser();
    const { missedHeartbeats } = this.#request.timing;
    let silenceMs = DEFAULT_HEARTBEAT_SECONDS * missedHeartbeats * 1000;
    const silence = () => this.close(new Error(`no heartbeat within ${Math.round(silenceMs / 1000)} s`));
    let timer = setTimeout(silence, silenceMs);
    try {
      for await (const chunk of this.#response) {
        clearTimeout(timer);
        for (const record of parser.push(chunk as Buffer)) {
          if (this.#closed !== undefined) throw this.#closed;
          const event = JSON.parse(record.toString('utf8')) as SchedulerEvent;
          if (event.type === 'SUBSCRIBED')
            silenceMs =
              (event.subscribed.heartbeat_interval_seconds ?? DEFAULT_HEARTBEAT_SECONDS) *
              missedHeartbeats *
              1000;
          yield event;
        }
        timer = setTimeout(silence, silenceMs);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** @returns a rejection unless the master took it. @throws Error when it could not be asked. */
  async send(call: SchedulerCall): Promise<Rejection | undefined> {
    const first = await this.#send(call);
    const { credential } = this.#request.access;
    // A call refused with 401 has not been looked at, so it may be repeated.
    const isRenewed = first?.status === 401 && credential?.refuse(first.authorization ?? '');
    return isRenewed === true ? await this.#send(call) : first;
  }

  /** Ends both connections; Mesos takes that as a disconnection, never as a teardown. */
  close(reason: Error = new Error('the stream was closed')): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#request.signal.removeEventListener('abort', this.#abort);
    this.#response.destroy(reason);
    for (const agent of this.#agents) agent.destroy();
  }

  async #send(call: SchedulerCall): Promise<Rejection | undefined> {
    if (this.#closed !== undefined) throw this.#closed;
    const { callTimeoutMs: timeoutMs } = this.#request.timing;
    const sending = { agent: this.#agents[1], call, timeoutMs, streamId: this.#streamId };
    const answer = await sendCall(this.#request, sending);
    const rejection = await toRejection(answer, timeoutMs);
    return ACCEPTED.has(rejection.status) ? undefined : rejection;
  }
}

/** Subscribes. @throws Error when the master cannot be reached, or what answers is none. */
export async function openSchedulerStream(request: StreamRequest): Promise<SchedulerStream | Rejection> {
  const { master, access, call, timing } = request;
  const agent = access.createAgent(master.protocol);
  try {
    const { subscribeTimeoutMs: timeoutMs } = timing;
    const answer = await sendCall(request, { agent, call, timeoutMs });
    const { response } = answer;
    if (response.statusCode !== 200) {
      const rejection = await toRejection(answer, timeoutMs);
      agent.destroy();
      return rejection;
    }
    if (response.headers['mesos-stream-id'] === undefined)
      throw new Error('it answered 200 without a Mesos-Stream-Id, so it is no Mesos master');
    return new SchedulerStream(request, response, agent);
  } catch (error) {
    agent.destroy();
    throw error;
  }
}
