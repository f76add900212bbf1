/** Performs what the session machine decides: owns the socket, the timer and the promises of those who wait. */
import type { SecureContext } from 'node:tls';
import { messageOf } from '../../protocol/errors.ts';
import type { Operation } from './operations.ts';
import { PendingCalls } from './pending-calls.ts';
import { ServerConnection } from './server-connection.ts';
import {
  parseReply,
  parseWelcome,
  renderAuth,
  renderClose,
  renderGreeting,
  renderPing,
  renderWatches,
} from './session-messages.ts';
import {
  type SessionEffect,
  type SessionEvent,
  type SessionModel,
  createSessionModel,
} from './session-model.ts';
import { nextDueAt, stateAt } from './session-time.ts';
import { stepSession } from './session.ts';
import { Watches } from './watches.ts';
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
  readonly watches = new Watches();
  readonly #options: SessionDriverOptions;
  readonly #listeners = new Set<(state: SessionState) => void>();
  readonly #calls = new PendingCalls();
  readonly #events: SessionEvent[] = [];
  readonly #finished = Promise.withResolvers<void>();
  #model: SessionModel;
  #connection: ServerConnection | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStepping = false;

  constructor(options: SessionDriverOptions) {
    this.#options = options;
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

  onState(listener: (state: SessionState) => void): () => void {
    // Its own function each time, so that the same listener can be there twice.
    const own = (state: SessionState) => listener(state);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
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
    for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) this.#step(next);
    this.#isStepping = false;
    this.#arm();
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
      case 'greet':
        return this.#connection?.send(renderGreeting(effect.greeting));
      case 'authenticate':
        return this.#authenticate();
      case 'restore-watches':
        return this.#restoreWatches(effect.zxid);
      case 'drop-watches':
        return this.watches.clear();
      case 'ping':
        return this.#connection?.send(renderPing());
      case 'send':
        return this.#connection?.send(this.#calls.render(effect.id, effect.xid));
      case 'complete':
        return this.#calls.complete(effect.id, effect.code, effect.body);
      case 'fail':
        return this.#calls.fail(effect.id, effect.code, effect.problem);
      case 'notify':
        return this.#notify(effect.body);
      case 'announce':
        return this.#announce(effect.state);
      case 'end-session':
        return this.#connection?.send(renderClose(effect.xid));
      case 'finished':
        return this.#finished.resolve();
      case 'log':
        return this.#options.log[effect.level](effect.fields, effect.text);
    }
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

  #authenticate(): void {
    const { digest } = this.#options;
    if (digest !== undefined) this.#connection?.send(renderAuth(digest));
  }

  #restoreWatches(zxid: bigint): void {
    for (const message of renderWatches(zxid, this.watches.paths)) this.#connection?.send(message);
  }

  #notify(notification: Buffer): void {
    this.#guard(() => this.watches.take(notification).forEach((call) => this.#guard(call)));
  }

  #announce(state: SessionState): void {
    for (const listener of this.#listeners) this.#guard(() => listener(state));
  }

  /** A user's own failure must not stop the session. */
  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#options.log.warn({ problem: messageOf(error) }, 'a watcher or listener of ZooKeeper failed');
    }
  }
}
