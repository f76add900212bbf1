/** A scheduler and an operator whose whole conversation with a Mesos is written down, so that two can be compared. */
import type { Offer } from '../../../../protocol/mesos/framework.ts';
import type { Resource } from '../../../../protocol/mesos/resource.ts';
import { totalMilli } from '../../../../protocol/resources.ts';
import { exchange, RawConnection, type RawResponse } from '../raw-http.ts';
import { Names } from './names.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly agentPort: number;
  /** How many of a real Mesos' allocation rounds pass in one of its: silence need not be waited for as long. */
  readonly pace: number;
}

interface FrameworkWish {
  readonly [field: string]: unknown;
}

const CAPABILITIES = ['MULTI_ROLE', 'PARTITION_AWARE', 'RESERVATION_REFINEMENT'];
const QUIET = new Set(['OFFERS', 'HEARTBEAT']);

function renderRequest(path: string, body: string, headers: Readonly<Record<string, string>>): string {
  const all = { Host: 'x', 'Content-Type': 'application/json', Accept: 'application/json', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Nothing of the agent's processors is in use: what else is there is then, too. */
function isWhole(resources: readonly Resource[]): boolean {
  return totalMilli(resources, 'cpus') === 4000;
}

function sortResources(resources: readonly Resource[]): Resource[] {
  return [...resources].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

export class Conversation {
  readonly lines: string[] = [];
  readonly names: Names;
  readonly #target: Target;
  #stream: RawConnection | undefined;
  #seen = 0;
  readonly #offersSeen = new Set<string>();
  frameworkId = '';
  agentId = '';

  constructor(target: Target) {
    this.#target = target;
    this.names = new Names(target);
  }

  get stream(): RawConnection {
    if (this.#stream === undefined) throw new Error('not subscribed');
    return this.#stream;
  }

  get #records(): string[] {
    return this.#stream?.records ?? [];
  }

  /** Writes a line of what is said, with the names that do not change from run to run. */
  log(text: string): void {
    this.lines.push(this.names.mask(text));
  }

  async subscribe(wish: FrameworkWish, subscribe: object = {}): Promise<void> {
    const capabilities = CAPABILITIES.map((type) => ({ type }));
    const framework_info = {
      user: 'root',
      name: 'contract',
      checkpoint: true,
      failover_timeout: 60,
      capabilities,
      ...wish,
    };
    const id = wish['id'] === undefined ? {} : { framework_id: wish['id'] };
    const call = { type: 'SUBSCRIBE', ...id, subscribe: { framework_info, ...subscribe } };
    this.log(`> SUBSCRIBE ${JSON.stringify({ ...wish, ...subscribe })}`);
    const { host, port } = this.#target;
    const request = renderRequest('/api/v1/scheduler', JSON.stringify(call), {});
    const stream = await RawConnection.open(port, host, request);
    await stream.until('the first event', () => stream.records.length > 0);
    const first = JSON.parse(stream.records[0] as string);
    if (first.type === 'SUBSCRIBED') return this.#learn(stream, first.subscribed);
    this.log(`< ${stream.records[0]}`);
    stream.close();
  }

  #learn(
    stream: RawConnection,
    subscribed: { framework_id: { value: string }; master_info: { id: string } },
  ): void {
    this.#stream = stream;
    this.#seen = 1;
    this.frameworkId = subscribed.framework_id.value;
    this.names.add(subscribed.master_info.id, 'MASTER');
    this.names.add(this.frameworkId, 'FRAMEWORK');
  }

  get #streamId(): string {
    return /mesos-stream-id: (\S+)/i.exec(this.stream.head ?? '')?.[1] ?? '';
  }

  get #streamHeader(): Readonly<Record<string, string>> {
    return { 'Mesos-Stream-Id': this.#streamId };
  }

  #render(type: string, body: object): string {
    return JSON.stringify({ type, framework_id: { value: this.frameworkId }, ...body });
  }

  /** A call of the scheduler; `about` says what it is in the record. */
  async call(type: string, about: string, body: object): Promise<void> {
    this.log(`> ${type} ${about}`);
    await this.#exchange('/api/v1/scheduler', this.#render(type, body), this.#streamHeader);
  }

  /** A call of the operator API. */
  async operate(type: string, body: object = {}): Promise<void> {
    this.log(`> operator ${type} ${JSON.stringify(body)}`);
    await this.#exchange('/api/v1', JSON.stringify({ type, ...body }), {});
  }

  async #post(path: string, text: string, headers: Readonly<Record<string, string>>): Promise<RawResponse> {
    const { host, port } = this.#target;
    return exchange(port, host, renderRequest(path, text, headers));
  }

  async #exchange(path: string, text: string, headers: Readonly<Record<string, string>>): Promise<void> {
    const answer = await this.#post(path, text, headers);
    this.log(`< ${answer.head.split('\r\n', 1)[0]} ${answer.body}`.trimEnd());
  }

  /** The answer of the operator API without writing it down. */
  async ask<T>(type: string): Promise<T> {
    const { host, port } = this.#target;
    const answer = await exchange(port, host, renderRequest('/api/v1', JSON.stringify({ type }), {}));
    return JSON.parse(answer.body) as T;
  }

  #nextOffer(): Offer | undefined {
    const events = this.#records.map((record) => JSON.parse(record)).filter(({ type }) => type === 'OFFERS');
    const offers = events.flatMap((event) => event.offers.offers as Offer[]);
    return offers.find((offer) => !this.#offersSeen.has(offer.id.value));
  }

  async #takeOffer(): Promise<Offer> {
    await this.stream.until('an offer', () => this.#nextOffer() !== undefined, 12_000);
    const offer = this.#nextOffer() as Offer;
    this.#offersSeen.add(offer.id.value);
    this.agentId = offer.agent_id.value;
    this.names.add(this.agentId, 'AGENT');
    return offer;
  }

  /** The next offer that fits, as it depends on time which come before; those are declined without a word. */
  async offer(fits: (resources: readonly Resource[]) => boolean = isWhole): Promise<Offer> {
    for (;;) {
      const offer = await this.#takeOffer();
      if (fits(offer.resources ?? [])) return this.#logOffer(offer);
      await this.#declineSilently(offer);
    }
  }

  async #declineSilently(offer: Offer): Promise<void> {
    const decline = { offer_ids: [offer.id], filters: { refuse_seconds: 0 } };
    await this.#post('/api/v1/scheduler', this.#render('DECLINE', { decline }), this.#streamHeader);
  }

  /** Declines without a word what was offered before the last call: how much that is depends on time. */
  async declineEarlier(): Promise<void> {
    await this.settle();
    while (this.#nextOffer() !== undefined) await this.#declineSilently(await this.#takeOffer());
  }

  #logOffer(offer: Offer): Offer {
    const { id: _id, resources, ...rest } = offer;
    this.log(`< OFFER ${JSON.stringify(rest)}`);
    for (const resource of sortResources(resources ?? [])) this.log(`<   ${JSON.stringify(resource)}`);
    return offer;
  }

  /** Says that no offer comes for so long. */
  async noOffer(waitMs: number): Promise<void> {
    const deadline = Date.now() + waitMs / this.#target.pace;
    while (Date.now() < deadline && this.#nextOffer() === undefined)
      await new Promise((resolve) => setTimeout(resolve, 50));
    this.log(this.#nextOffer() === undefined ? '< no offer' : '< an offer');
  }

  async accept(offer: Offer, about: string, operations: readonly object[]): Promise<void> {
    const accept = { offer_ids: [offer.id], operations, filters: { refuse_seconds: 0 } };
    await this.call('ACCEPT', about, { accept });
  }

  async decline(offer: Offer, refuse_seconds = 0): Promise<void> {
    const decline = { offer_ids: [offer.id], filters: { refuse_seconds } };
    await this.call('DECLINE', `for ${refuse_seconds} s`, { decline });
  }

  /** The next event that is neither offer nor heartbeat; it must be of this type. */
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the Mesos under test sends
  async event(type: string): Promise<any> {
    const next = (): number =>
      this.#records.findIndex(
        (record, index) => index >= this.#seen && !QUIET.has(JSON.parse(record).type as string),
      );
    await this.stream.until(type, () => next() >= 0, 15_000);
    const index = next();
    this.#seen = index + 1;
    const record = this.#records[index] as string;
    this.log(`< ${record}`);
    const event = JSON.parse(record);
    if (event.type !== type) throw new Error(`expected ${type}, got ${record}`);
    return event;
  }

  /** Lets the Mesos do what it does after its answer. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 400));
  }

  /** The next update, acknowledged if it asks for it. */
  async update(): Promise<void> {
    const { status } = (await this.event('UPDATE')).update;
    const { agent_id, task_id, uuid } = status;
    if (uuid === undefined) return;
    await this.call('ACKNOWLEDGE', status.state, { acknowledge: { agent_id, task_id, uuid } });
  }

  async operation(): Promise<void> {
    const { status } = (await this.event('UPDATE_OPERATION_STATUS')).update_operation_status;
    const { agent_id, operation_id, uuid } = status;
    if (uuid === undefined) return;
    const acknowledge_operation_status = { agent_id, operation_id, uuid: uuid.value };
    await this.call('ACKNOWLEDGE_OPERATION_STATUS', operation_id.value, { acknowledge_operation_status });
  }

  /** Ends the framework and writes down what was said unexpectedly. */
  async finish(): Promise<void> {
    for (const record of this.#records.slice(this.#seen))
      if (!QUIET.has(JSON.parse(record).type as string)) this.log(`< left ${record}`);
    await this.call('TEARDOWN', '', {});
    this.stream.close();
  }
}
