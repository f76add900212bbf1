/** Replays the recorded scheduler session and, in step with it, the recorded requests of its executors. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  bodyOf,
  headOf,
  mask,
  maskAgentUuid,
  type Recording,
  readRecordings,
  recordsOf,
  withBody,
} from './golden-files.ts';
import type { Offer } from '../../../protocol/mesos/framework.ts';
import { totalMilli } from '../../../protocol/resources.ts';
import { type LocalMesos, untilTrue } from './local-mesos.ts';
import { exchange, RawConnection } from './raw-http.ts';

const MASTER = '97e25a26-765e-43ce-936f-ecd8ade6385f';
/** What stands for the recorder's Python executor: it ends with the code that a test writes down. */
const PYTHON = 'exec /usr/bin/python3 /srv/executor-test-tool/executor.py';
const STAND_IN = 'while [ ! -e end ]; do sleep 0.02; done; exit $(cat end)';

interface OfferAnswer {
  offer_ids?: { value: string }[];
}

/** The parts of a call that name something of this run. */
interface AnsweringCall {
  readonly accept?: OfferAnswer;
  readonly decline?: OfferAnswer;
  readonly acknowledge?: { readonly task_id: { readonly value: string }; uuid: string };
}

/** Values of the recording and of this run, in the order in which they are replaced. */
type Pairs = readonly (readonly [recorded: string, ours: string])[];

export class GoldenSession {
  readonly mesos: LocalMesos;
  readonly #filePort: number;
  readonly #frameworkNumber: string;
  #stream: RawConnection | undefined;
  #frameworkId = '';
  readonly executors = new Map<string, GoldenExecutor>();
  readonly #answered = new Set<string>();

  constructor(mesos: LocalMesos, filePort: number, frameworkNumber: string) {
    this.mesos = mesos;
    this.#filePort = filePort;
    this.#frameworkNumber = frameworkNumber;
  }

  get stream(): RawConnection {
    if (this.#stream === undefined) throw new Error('not subscribed');
    return this.#stream;
  }

  get frameworkId(): string {
    return this.#frameworkId;
  }

  get #pairs(): Pairs {
    return [
      [`${MASTER}-${this.#frameworkNumber}`, this.#frameworkId],
      [MASTER, this.mesos.master.master.id],
      ['127.0.0.1:8099', `127.0.0.1:${this.#filePort}`],
      ['127.0.0.1:5050', `127.0.0.1:${this.mesos.master.port}`],
      ['127.0.0.1:5051', `127.0.0.1:${this.mesos.agent.port}`],
      ['"port":5050', `"port":${this.mesos.master.port}`],
      ['"port":5051', `"port":${this.mesos.agent.port}`],
      [PYTHON, STAND_IN],
    ];
  }

  /** Recorded to ours. */
  toOurs(text: string): string {
    return this.#pairs.reduce((result, [recorded, ours]) => result.replaceAll(recorded, ours), text);
  }

  /** Ours to recorded, generated values by their kind. */
  toRecorded(text: string): string {
    const named = this.#pairs.reduce(
      (result, [recorded, ours]) => (ours === '' ? result : result.replaceAll(ours, recorded)),
      text,
    );
    return maskAgentUuid(mask(named));
  }

  async subscribe(recording: Recording): Promise<void> {
    const stream = await RawConnection.open(this.mesos.master.port, '127.0.0.1', recording.request);
    this.#stream = stream;
    await stream.until('SUBSCRIBED', () => stream.records.length > 0);
    this.#frameworkId = JSON.parse(stream.records[0] as string).subscribed.framework_id.value;
  }

  get #streamId(): string {
    return /mesos-stream-id: (\S+)/i.exec(this.stream.head ?? '')?.[1] ?? '';
  }

  /** Offers that no request of ours answered; the largest first. */
  #openOffers(): { id: string; cpus: number }[] {
    const events = this.stream.records
      .map((record) => JSON.parse(record))
      .filter((event) => event.type === 'OFFERS');
    const offers = events.flatMap((event) => event.offers.offers as Offer[]);
    return offers
      .filter((offer) => !this.#answered.has(offer.id.value))
      .map((offer) => ({
        id: offer.id.value,
        cpus: totalMilli(offer.resources ?? [], 'cpus') / 1000,
      }))
      .sort((a, b) => b.cpus - a.cpus);
  }

  async untilOffer(): Promise<void> {
    await this.stream.until('an offer', () => this.#openOffers().length > 0);
  }

  async #answerOffers(body: AnsweringCall): Promise<void> {
    const answer = body.accept ?? body.decline;
    const recorded = answer?.offer_ids;
    if (
      answer === undefined ||
      recorded === undefined ||
      recorded.length === 0 ||
      recorded[0]?.value.startsWith('nope')
    )
      return;
    await this.untilOffer();
    // What one task leaves behind may be offered before the rest; the recorded tasks need more.
    if (body.accept !== undefined)
      await this.stream.until('a large offer', () => (this.#openOffers()[0]?.cpus ?? 0) >= 1);
    const [largest, ...others] = this.#openOffers();
    const chosen = body.decline === undefined && recorded.length === 1 ? [largest] : [largest, ...others];
    answer.offer_ids = chosen.map((offer) => ({ value: offer?.id ?? '' }));
    for (const offer of chosen) this.#answered.add(offer?.id ?? '');
  }

  /** The uuid of the update that the recording acknowledges, as this run has it. */
  async #acknowledged(name: string, body: AnsweringCall): Promise<void> {
    const state = /acknowledge-(TASK_\w+)/.exec(name)?.[1];
    const acknowledge = body.acknowledge;
    if (state === undefined || acknowledge === undefined) return;
    const find = (): string | undefined =>
      this.stream.records
        .map((record) => JSON.parse(record).update?.status)
        .findLast((status) => status?.task_id.value === acknowledge.task_id.value && status.state === state)
        ?.uuid;
    await this.stream.until(`${state} of ${acknowledge.task_id.value}`, () => find() !== undefined);
    acknowledge.uuid = find() ?? '';
  }

  /** Sends one recorded call and returns recorded and actual answer, comparable. */
  async call(recording: Recording): Promise<{ expected: string; actual: string }> {
    const text = bodyOf(recording.request);
    const head = this.toOurs(headOf(recording.request)).replace(
      /(mesos-stream-id: )\S+/i,
      `$1${this.#streamId}`,
    );
    const body = JSON.parse(this.toOurs(text));
    await this.#answerOffers(body);
    await this.#acknowledged(recording.name, body);
    const changed = JSON.stringify(body) === JSON.stringify(JSON.parse(this.toOurs(text)));
    const ours = changed ? this.toOurs(text) : JSON.stringify(body);
    const answer = await exchange(this.mesos.master.port, '127.0.0.1', withBody(`${head}\r\n\r\n`, ours));
    return {
      expected: mask(recording.response),
      actual: this.toRecorded(`${answer.head}\r\n\r\n${answer.body}`),
    };
  }

  /** Events but offers, heartbeats and repetitions, which depend on time, and those of the exchanges that are not replayed. */
  static comparable(records: readonly string[]): string[] {
    const left = /^\{"type":"(OFFERS|HEARTBEAT)"|"task_id":\{"value":"g[12]"\}/;
    const repeated = (record: string, index: number): boolean =>
      record.includes('UPDATE_OPERATION_STATUS') && records.indexOf(record) !== index;
    return records.filter((record, index) => !left.test(record) && !repeated(record, index));
  }

  executor(id: string): GoldenExecutor {
    const known = this.executors.get(id);
    const executor = known ?? new GoldenExecutor(this, id);
    this.executors.set(id, executor);
    return executor;
  }
}

/** One recorded executor: sends what it sent, each request as soon as the event that led to it has come. */
export class GoldenExecutor {
  readonly #session: GoldenSession;
  readonly id: string;
  readonly #recordings: Recording[];
  readonly streams: RawConnection[] = [];
  readonly answers: { name: string; expected: string; actual: string }[] = [];
  directory = '';
  pid = 0;
  /** As the process was started. */
  environment: string[] = [];
  session = 0;

  constructor(session: GoldenSession, id: string) {
    this.#session = session;
    this.id = id;
    this.#recordings = readRecordings(`executor/${id}`);
  }

  get records(): string[] {
    return this.streams.flatMap((stream) => stream.records);
  }

  /** Answers and events of the recording. */
  get recordedEvents(): string[] {
    return this.#recordings
      .filter(({ name }) => name.includes('subscribe') && !name.includes('err'))
      .flatMap(({ response }) => recordsOf(response));
  }

  #record() {
    return this.#session.mesos.agent.agent.executors.find((executor) => executor.id === this.id);
  }

  async untilStarted(): Promise<void> {
    await untilTrue(`the process of ${this.id}`, () => this.#record()?.process !== undefined);
    this.directory = this.#record()?.directory ?? '';
    this.pid = this.#record()?.process?.pid ?? 0;
    await untilTrue('its environment', () =>
      readFileSync(`/proc/${this.pid}/environ`, 'utf8').includes('MESOS_'),
    );
    this.environment = readFileSync(`/proc/${this.pid}/environ`, 'utf8').split('\0').filter(Boolean);
    this.session = Number(readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[3]);
  }

  /** Plays every request whose name the condition accepts, in order. */
  async play(select: (name: string) => boolean): Promise<void> {
    for (const recording of this.#recordings.filter(({ name }) => select(name))) await this.#send(recording);
  }

  async #send(recording: Recording): Promise<void> {
    const { port } = this.#session.mesos.agent;
    const request = withBody(
      this.#session.toOurs(recording.request),
      this.#session.toOurs(bodyOf(recording.request)),
    );
    if (!recording.name.includes('subscribe') || recording.name.includes('err')) {
      const answer = await exchange(port, '127.0.0.1', request);
      const actual = this.#session.toRecorded(`${answer.head}\r\n\r\n${answer.body}`);
      this.answers.push({ name: recording.name, expected: mask(recording.response), actual });
      return;
    }
    this.streams.at(-1)?.close();
    const stream = await RawConnection.open(port, '127.0.0.1', request);
    this.streams.push(stream);
    await stream.until('SUBSCRIBED', () => stream.records.length > 0);
    const expected = mask(headOf(recording.response));
    this.answers.push({ name: recording.name, expected, actual: mask(stream.head ?? '') });
  }

  async untilEvent(what: string): Promise<void> {
    const stream = this.streams.at(-1) as RawConnection;
    await stream.until(`${what} at ${this.id}`, () => this.records.some((record) => record.includes(what)));
  }

  /** Lets the process end with this code. */
  exit(code: number): void {
    for (const stream of this.streams) stream.close();
    writeFileSync(path.join(this.directory, 'end'), String(code));
  }
}
