/** Performs what the session machine decides: owns the socket, the timer and the promises of those who wait. */
import type { SecureContext } from 'node:tls';
import { type SendingEffect, renderEffect } from './effect-messages.ts';
import type { Operation } from './operations.ts';
import { PendingCalls } from './pending-calls.ts';
import { ServerConnection } from './server-connection.ts';
import { parseReply, parseWelcome } from './session-messages.ts';
import {
  type SessionEffect,
  type SessionEvent,
  type SessionModel,
  createSessionModel,
} from './session-model.ts';
import { SessionObservers } from './session-observers.ts';
import { nextDueAt, stateAt } from './session-time.ts';
import { stepSession } from './session.ts';
import type { SessionState, ZooKeeperOptions } from './zookeeper-client.ts';

/** Node's timers take no more. */
const MAX_TIMER_MS = 0x7fff_ffff;

export interface SessionDriverOptions
  extends Pick<ZooKeeperOptions, 'servers' | 'sessionTimeoutMs' | 'digest' | 'chance' | 'log'> {
  readonly tls: SecureContext | undefined;
  /** Milliseconds that go on while the process is stopped and the machine sleeps. */
  readonly clock: () => number;
}

export class SessionDriver {
  readonly observers: SessionObservers;
  readonly #options: SessionDriverOptions;
  readonly #calls = new PendingCalls();
  readonly #events: SessionEvent[] = [];
  readonly #finished = Promise.withResolvers<void>();
  #model: SessionModel;
  #connection: ServerConnection | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStepping = false;

  constructor(options: SessionDriverOptions) {
    this.#options = options;
    this.observers = new SessionObservers(options.log);
    this.#model = createSessionModel(options, options.clock());
  }

  get state(): SessionState {
    return stateAt(this.#model, this.#options.clock());
  }

  get sessionId(): bigint {
    return this.#model.session?.id ?? 0n;
  }

  start(): void {
    this.#dispatch({ kind: 'tick' });
  }

  call<Result>(operation: Operation<Result>, onReply: (code: number) => void): Promise<Result> {
    const { id, promise } = this.#calls.add(operation, onReply);
    this.#dispatch({ kind: 'requested', id, isRead: operation.isRead });
    return promise;
  }

  async close(): Promise<void> {
    this.#dispatch({ kind: 'close' });
    await this.#finished.promise;
  }

  /** One event after the other, also when a listener or a watcher asks for something in the middle of one. */
  #dispatch(event: SessionEvent): void {
    this.#events.push(event);
    if (this.#isStepping) return;
    this.#isStepping = true;
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) this.#step(next);
    } finally {
      this.#isStepping = false;
      this.#arm();
    }
  }

  #step(event: SessionEvent): void {
    const { clock, chance } = this.#options;
    const { model, effects } = stepSession(this.#model, event, { nowMs: clock(), chance });
    this.#model = model;
    for (const effect of effects) this.#perform(effect);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const dueAt = nextDueAt(this.#model);
    if (dueAt === Infinity) return;
    const delayMs = Math.min(Math.max(Math.ceil(dueAt - this.#options.clock()), 1), MAX_TIMER_MS);
    this.#timer = setTimeout(() => this.#dispatch({ kind: 'tick' }), delayMs);
  }

  #perform(effect: SessionEffect): void {
    switch (effect.kind) {
      case 'open':
        return this.#open(effect.server);
      case 'disconnect':
        return this.#connection?.close();
      case 'drop-watches':
        return this.observers.watches.clear();
      case 'complete':
        return this.#calls.complete(effect.id, effect.code, effect.body);
      case 'fail':
        return this.#calls.fail(effect.id, effect.code, effect.problem);
      case 'notify':
        return this.observers.notify(effect.body);
      case 'announce':
        return this.observers.announce(effect.state);
      case 'finished':
        return this.#finished.resolve();
      case 'log':
        return this.#options.log[effect.level](effect.fields, effect.text);
      case 'greet':
      case 'authenticate':
      case 'restore-watches':
      case 'ping':
      case 'send':
      case 'end-session':
        return this.#transmit(effect);
    }
  }

  #transmit(effect: SendingEffect): void {
    const { watches } = this.observers;
    const source = { digest: this.#options.digest, watches, calls: this.#calls };
    for (const message of renderEffect(effect, source)) this.#connection?.send(message);
  }

  #open(server: string): void {
    this.#connection = new ServerConnection({
      server,
      tls: this.#options.tls,
      onOpen: () => this.#dispatch({ kind: 'opened' }),
      onMessage: (message) => this.#receive(message),
      onLost: (reason) => this.#dispatch({ kind: 'lost', reason }),
    });
  }

  /** The first message of a connection is the welcome. */
  #receive(message: Buffer): void {
    if (this.#model.link.kind === 'greeting') this.#dispatch({ kind: 'welcomed', ...parseWelcome(message) });
    else this.#dispatch({ kind: 'replied', ...parseReply(message) });
  }
}
