/**
 * A Mesos master for tests of a scheduler: the v1 wire over real HTTP, in the order of checks of a real one, and a test
 * that says what happens. After an ERROR it sends the terminal chunk and leaves the connection open, as Mesos does.
 */
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { type ServerOptions, createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Offer } from '../../protocol/mesos/framework.ts';
import type { SchedulerCall, SchedulerEvent } from '../../protocol/mesos/scheduler.ts';
import type { TaskInfo, TaskState, TaskStatus } from '../../protocol/mesos/task.ts';
import { renderRecord } from '../../protocol/record-io.ts';
import { eventually } from './eventually.ts';

type CallOf<T extends SchedulerCall['type']> = Extract<SchedulerCall, { type: T }>;

export interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FakeMasterOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: any free one. */
  readonly port?: number;
  readonly tls?: ServerOptions;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

export class FakeMaster {
  readonly calls: SchedulerCall[] = [];
  readonly authorizations: (string | undefined)[] = [];
  /** Answers of the next SUBSCRIBEs, before one is accepted. */
  readonly refusals: Answer[] = [];
  /** Answers of the next other calls, before one is taken. */
  readonly callRefusals: Answer[] = [];
  heartbeatSeconds = 15;
  /** As a master that does not lead: the `Location` that everything is answered with. */
  redirect: string | undefined;
  /** As a master with authentication: whether it takes the header. */
  authorize: (header: string | undefined) => boolean = () => true;
  version = '1.11.0';
  readonly #server: Server;
  #stream: ServerResponse | undefined;
  #streamId = '';
  #frameworks = 0;
  #offers = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(options: FakeMasterOptions = {}): Promise<FakeMaster> {
    const { host = '127.0.0.1', port = 0, tls } = options;
    const server = tls === undefined ? createServer() : createSecureServer(tls);
    const master = new FakeMaster(server);
    server.on('request', (request, response) => void master.#handle(request, response));
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    return master;
  }

  get address(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  callsOf<T extends SchedulerCall['type']>(type: T): CallOf<T>[] {
    return this.calls.filter((call): call is CallOf<T> => call.type === type);
  }

  /** Waits for the n-th call of a type, counted from 1. */
  untilCall<T extends SchedulerCall['type']>(type: T, nth = 1): Promise<CallOf<T>> {
    return eventually(`${nth}. ${type}`, 10_000, () => this.callsOf(type)[nth - 1]);
  }

  /** Tasks of all ACCEPTs so far. */
  get launched(): TaskInfo[] {
    return this.callsOf('ACCEPT').flatMap(({ accept }) =>
      (accept.operations ?? []).flatMap((operation) =>
        operation.type === 'LAUNCH' ? operation.launch.task_infos : [],
      ),
    );
  }

  untilLaunched(nth = 1): Promise<TaskInfo> {
    return eventually(`${nth}. launched task`, 10_000, () => this.launched[nth - 1]);
  }

  send(event: SchedulerEvent): void {
    this.sendTogether([event]);
  }

  /** In one chunk. */
  sendTogether(events: readonly SchedulerEvent[]): void {
    this.#stream?.write(Buffer.concat(events.map((event) => renderRecord(JSON.stringify(event)))));
  }

  /** Terminal chunk, and no end of file. */
  endStream(): void {
    this.#stream?.end();
  }

  /** As after a subscription of somebody else under the same id: calls of the old one are stale. */
  changeStreamId(): void {
    this.#streamId = randomUUID();
  }

  offer(hostname = 'h1'): Offer {
    this.#offers += 1;
    const allocation_info = { role: 'r' };
    const offer: Offer = {
      id: { value: `M-O${this.#offers}` },
      framework_id: { value: 'M-0001' },
      agent_id: { value: `M-S-${hostname}` },
      hostname,
      url: { scheme: 'http', address: { hostname, ip: '127.0.0.1', port: 5051 }, path: '/slave(1)' },
      resources: [
        {
          name: 'ports',
          type: 'RANGES',
          ranges: { range: [{ begin: 31_000, end: 32_000 }] },
          allocation_info,
        },
        { name: 'cpus', type: 'SCALAR', scalar: { value: 4 }, allocation_info },
        { name: 'mem', type: 'SCALAR', scalar: { value: 4096 }, allocation_info },
      ],
      allocation_info,
    };
    this.send({ type: 'OFFERS', offers: { offers: [offer] } });
    return offer;
  }

  update(task: TaskInfo, state: TaskState, changes: Partial<TaskStatus> = {}): void {
    const status: TaskStatus = {
      task_id: task.task_id,
      agent_id: task.agent_id,
      state,
      source: 'SOURCE_EXECUTOR',
      uuid: Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64'),
      timestamp: 1,
      ...changes,
    };
    this.send({ type: 'UPDATE', update: { status } });
  }

  /** ERROR, terminal chunk, and no end of file. */
  refuse(message: string): void {
    this.send({ type: 'ERROR', error: { message } });
    this.endStream();
  }

  /** As a killed master: cut, without a terminal chunk. */
  cut(): void {
    this.#stream?.socket?.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readBody(request);
    const answer = this.#check(request);
    this.authorizations.push(request.headers.authorization);
    if (answer !== undefined) return this.#answer(response, answer);
    const call = JSON.parse(text) as SchedulerCall;
    if (call.type === 'SUBSCRIBE') return this.#subscribe(request, response, call);
    if (call.framework_id === undefined)
      return this.#answer(response, { status: 400, body: "Expecting 'framework_id' to be present" });
    if (request.headers['mesos-stream-id'] !== this.#streamId)
      return this.#answer(response, { status: 400, body: 'The stream ID did not match' });
    const refusal = this.callRefusals.shift();
    if (refusal !== undefined) return this.#answer(response, refusal);
    this.calls.push(call);
    this.#answer(response, { status: call.type === 'UPDATE_FRAMEWORK' ? 200 : 202 });
  }

  #check(request: IncomingMessage): Answer | undefined {
    if (!this.authorize(request.headers.authorization))
      return {
        status: 401,
        body: '401 Unauthorized.',
        headers: { 'WWW-Authenticate': 'Basic realm="mesos"' },
      };
    if (this.redirect !== undefined) return { status: 307, headers: { Location: this.redirect } };
    if (request.method !== 'POST') return { status: 405 };
    if (request.url !== '/api/v1/scheduler') return { status: 404 };
    if (request.headers['content-type'] !== 'application/json') return { status: 415 };
    return undefined;
  }

  #answer(response: ServerResponse, { status, body = '', headers = {} }: Answer): void {
    response.writeHead(status, { 'Content-Length': Buffer.byteLength(body), ...headers });
    response.end(body);
  }

  #subscribe(request: IncomingMessage, response: ServerResponse, call: CallOf<'SUBSCRIBE'>): void {
    const refusal = this.refusals.shift();
    if (refusal !== undefined) return this.#answer(response, refusal);
    const { id } = call.subscribe.framework_info;
    if (request.headers['mesos-stream-id'] !== undefined || id?.value !== call.framework_id?.value)
      return this.#answer(response, { status: 400, body: 'bad SUBSCRIBE' });
    this.calls.push(call);
    this.#stream?.end();
    this.#stream = response;
    this.#streamId = randomUUID();
    this.#frameworks += 1;
    response.writeHead(200, { 'Content-Type': 'application/json', 'Mesos-Stream-Id': this.#streamId });
    this.send({
      type: 'SUBSCRIBED',
      subscribed: {
        framework_id: { value: id?.value ?? `M-000${this.#frameworks}` },
        heartbeat_interval_seconds: this.heartbeatSeconds,
        master_info: { id: 'fake', ip: 0, port: this.port, version: this.version },
      },
    });
    this.send({ type: 'HEARTBEAT' });
  }
}
