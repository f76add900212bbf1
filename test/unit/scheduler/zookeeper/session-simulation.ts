/**
 * One session between a client whose process may stop at any time and a server behind a slow network that may be cut.
 * Simulated time in milliseconds; messages of one connection stay in order.
 */
import {
  type SessionEffect,
  type SessionEvent,
  type SessionModel,
  createSessionModel,
} from '../../../../scheduler/zookeeper/session-model.ts';
import { nextDueAt, stateAt } from '../../../../scheduler/zookeeper/session-time.ts';
import { stepSession } from '../../../../scheduler/zookeeper/session.ts';

const TIMEOUT_MS = 3000;

interface Arrival {
  readonly atMs: number;
  readonly connection: number;
  readonly run: () => void;
}

export class SessionSimulation {
  nowMs = 0;
  isStopped = false;
  isCut = false;
  model: SessionModel = createSessionModel({ servers: ['a:1'], sessionTimeoutMs: TIMEOUT_MS }, 0);
  /** When the server last heard from each session. */
  readonly heardMs = new Map<bigint, number>();
  readonly settled: number[] = [];
  requested = 0;
  readonly #nextDelay: () => number;
  #connection = 0;
  #ofConnection = 0n;
  #network: Arrival[] = [];
  #inbox: Arrival[] = [];
  #lastArrivalMs = 0;

  constructor(nextDelay: () => number) {
    this.#nextDelay = nextDelay;
  }

  /** The server, and whoever waits for the ephemeral nodes of this session, take them for gone. */
  isGone(sessionId: bigint): boolean {
    return this.nowMs - (this.heardMs.get(sessionId) ?? 0) >= TIMEOUT_MS;
  }

  /** What a stopped process would see if it went on right now, before any event reaches it. */
  get believesToOwn(): bigint | undefined {
    const state = stateAt(this.model, this.nowMs);
    return state === 'connected' || state === 'suspended' ? this.model.session?.id : undefined;
  }

  step(event: SessionEvent): void {
    const { model, effects } = stepSession(this.model, event, { nowMs: this.nowMs, chance: () => 0.5 });
    this.model = model;
    for (const effect of effects) this.#perform(effect);
  }

  request(): void {
    if (this.isStopped) return;
    this.requested += 1;
    this.step({ kind: 'requested', id: this.requested, isRead: this.requested % 2 === 0 });
  }

  /** Goes on: first what has arrived meanwhile, as the worst case. */
  goOn(): void {
    this.isStopped = false;
    for (const arrival of this.#inbox.splice(0)) this.#deliver(arrival);
  }

  pass(ms: number, check: () => void): void {
    for (const untilMs = this.nowMs + ms; this.nowMs < untilMs; this.nowMs += 10) {
      const due = this.#network.filter(({ atMs }) => atMs <= this.nowMs);
      this.#network = this.#network.filter(({ atMs }) => atMs > this.nowMs);
      for (const arrival of due) if (!this.isCut) this.#deliver(arrival);
      if (!this.isStopped && nextDueAt(this.model) <= this.nowMs) this.step({ kind: 'tick' });
      check();
    }
  }

  #deliver(arrival: Arrival): void {
    if (arrival.connection === this.#connection) arrival.run();
  }

  #travel(run: () => void): void {
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, this.nowMs + this.#nextDelay());
    this.#network.push({ atMs: this.#lastArrivalMs, connection: this.#connection, run });
  }

  #toServer(handle: () => SessionEvent | undefined): void {
    this.#travel(() => {
      const answer = handle();
      if (answer !== undefined) this.#toClient(answer);
    });
  }

  #toClient(event: SessionEvent): void {
    const connection = this.#connection;
    this.#travel(() => {
      const run = () => this.step(event);
      if (this.isStopped) this.#inbox.push({ atMs: this.nowMs, connection, run });
      else run();
    });
  }

  #perform(effect: SessionEffect): void {
    if (effect.kind === 'open') {
      this.#connection += 1;
      this.#toClient({ kind: 'opened' });
    } else if (effect.kind === 'greet') this.#toServer(() => this.#greet(effect.greeting.sessionId));
    else if (effect.kind === 'ping') this.#toServer(() => this.#answer(-2));
    else if (effect.kind === 'send') this.#toServer(() => this.#answer(effect.xid));
    else if (effect.kind === 'complete' || effect.kind === 'fail') this.settled.push(effect.id);
    else if (effect.kind === 'disconnect') this.#connection += 1;
  }

  #greet(known: bigint): SessionEvent {
    const isNew = known === 0n;
    const sessionId = isNew ? BigInt(this.heardMs.size + 1) : known;
    const timeoutMs = isNew || !this.isGone(sessionId) ? TIMEOUT_MS : 0;
    if (timeoutMs > 0) this.heardMs.set(sessionId, this.nowMs);
    this.#ofConnection = sessionId;
    return { kind: 'welcomed', sessionId, timeoutMs, password: new Uint8Array(16) };
  }

  #answer(xid: number): SessionEvent {
    const sessionId = this.#ofConnection;
    if (this.isGone(sessionId)) return { kind: 'lost', reason: 'expired' };
    this.heardMs.set(sessionId, this.nowMs);
    return { kind: 'replied', xid, zxid: 1n, code: 0, body: Buffer.alloc(0) };
  }
}
