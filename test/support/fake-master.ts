/**
 * A Mesos master for tests of a scheduler: the v1 wire over real HTTP, in the order of checks of a real one, and a test
 * that says what happens. After an ERROR it sends the terminal chunk and leaves the connection open, as Mesos does.
 */
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
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
  heartbeatSeconds = 15;
  readonly #server: Server;
  #stream: ServerResponse | undefined;
  #streamId = '';
  #frameworks = 0;
  #offers = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<FakeMaster> {
    const server = createServer();
    const master = new FakeMaster(server);
    server.on('request', (request, response) => void master.#handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return master;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
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
    this.#stream?.write(renderRecord(JSON.stringify(event)));
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
    this.#stream?.end();
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
    if (answer !== undefined) return this.#answer(response, answer);
    const call = JSON.parse(text) as SchedulerCall;
    this.authorizations.push(request.headers.authorization);
    if (call.type === 'SUBSCRIBE') return this.#subscribe(request, response, call);
    if (call.framework_id === undefined)
      return this.#answer(response, { status: 400, body: "Expecting 'framework_id' to be present" });
    if (request.headers['mesos-stream-id'] !== this.#streamId)
      return this.#answer(response, { status: 400, body: 'The stream ID did not match' });
    this.calls.push(call);
    this.#answer(response, { status: 202 });
  }

  #check(request: IncomingMessage): Answer | undefined {
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
      },
    });
    this.send({ type: 'HEARTBEAT' });
  }
}
