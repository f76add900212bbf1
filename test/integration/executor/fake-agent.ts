/** An agent that speaks the executor API's real wire: RecordIO over chunked HTTP, 202 for calls, acknowledgements on the stream. */
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutorCall, ExecutorEvent } from '../../../protocol/mesos/executor.ts';
import type { TaskInfo, TaskState, TaskStatus } from '../../../protocol/mesos/task.ts';
import { renderRecord } from '../../../protocol/record-io.ts';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly call: ExecutorCall;
}

export class FakeAgent {
  readonly received: Received[] = [];
  /** Answers to the next calls, instead of what a healthy agent says. */
  readonly refusals: { readonly status: number; readonly body: string }[] = [];
  acknowledges = true;
  capabilities: readonly string[] = ['TASK_KILLING_STATE'];
  #server: Server;
  #stream: ServerResponse | undefined;

  constructor(tls?: ServerOptions) {
    const listener: RequestListener = (request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const { url = '', headers } = request;
        this.#answer({ path: url, headers, call: JSON.parse(body) as ExecutorCall }, response);
      });
    };
    this.#server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  }

  /** On a port of 127.0.0.1, or on a Unix socket. */
  async listen(at: number | string = 0): Promise<this> {
    if (typeof at === 'string') this.#server.listen(at);
    else this.#server.listen(at, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get endpoint(): string {
    return `127.0.0.1:${this.port}`;
  }

  get statuses(): readonly TaskStatus[] {
    return this.received.flatMap(({ call }) => (call.type === 'UPDATE' ? [call.update.status] : []));
  }

  get subscriptions(): readonly Extract<ExecutorCall, { type: 'SUBSCRIBE' }>[] {
    return this.received.flatMap(({ call }) => (call.type === 'SUBSCRIBE' ? [call] : []));
  }

  send(event: ExecutorEvent): void {
    this.#stream?.write(renderRecord(JSON.stringify(event)));
  }

  launch(task: TaskInfo): void {
    this.send({ type: 'LAUNCH', launch: { task } });
  }

  kill(taskId: string): void {
    this.send({ type: 'KILL', kill: { task_id: { value: taskId } } });
  }

  dropStream(): void {
    this.#stream?.destroy();
    this.#stream = undefined;
  }

  async until<T>(found: () => T | undefined, what: string, timeoutMs = 8000): Promise<T> {
    const deadline = performance.now() + timeoutMs;
    while (performance.now() < deadline) {
      const value = found();
      if (value !== undefined) return value;
      await sleep(10);
    }
    const seen = this.statuses.map(({ state, message }) => `${state} ${message ?? ''}`).join('; ');
    throw new Error(`no ${what} within ${timeoutMs} ms; updates: ${seen || 'none'}`);
  }

  untilStatus(state: TaskState, timeoutMs?: number): Promise<TaskStatus> {
    return this.until(() => this.statuses.find((status) => status.state === state), state, timeoutMs);
  }

  untilSubscribed(count = 1): Promise<unknown> {
    return this.until(
      () => (this.subscriptions.length >= count && this.#stream) || undefined,
      'subscription',
    );
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(received: Received, response: ServerResponse): void {
    const refusal = this.refusals.shift();
    if (refusal !== undefined) {
      response.writeHead(refusal.status).end(refusal.body);
      return;
    }
    this.received.push(received);
    if (received.call.type === 'SUBSCRIBE') this.#subscribe(received.call, response);
    else response.writeHead(202, { 'Content-Length': 0 }).end();
    if (received.call.type === 'UPDATE' && this.acknowledges) this.#acknowledge(received.call.update.status);
  }

  #subscribe(
    { executor_id, framework_id, subscribe }: Extract<ExecutorCall, { type: 'SUBSCRIBE' }>,
    response: ServerResponse,
  ): void {
    this.#stream = response.writeHead(200, { 'Content-Type': 'application/json' });
    const framework_info = {
      id: framework_id,
      user: 'root',
      name: 'test',
      capabilities: this.capabilities.map((type) => ({ type })),
    };
    const subscribed = {
      executor_info: { executor_id },
      framework_info,
      agent_info: { hostname: 'localhost' },
    };
    this.send({ type: 'SUBSCRIBED', subscribed });
    if (this.acknowledges)
      for (const { status } of subscribe.unacknowledged_updates) this.#acknowledge(status);
  }

  #acknowledge({ task_id, uuid }: TaskStatus): void {
    this.send({ type: 'ACKNOWLEDGED', acknowledged: { task_id, uuid: uuid ?? '' } });
  }
}
