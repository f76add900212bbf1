/** Keeps the framework subscribed: finds the master, follows redirects, waits while it starts, comes back after silence. */
import { setTimeout as sleep } from 'node:timers/promises';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import type { SchedulerCall, SchedulerEvent } from '../../protocol/mesos/scheduler.ts';
import { toBackoffMs } from '../core/timing.ts';
import type { Logger } from '../log.ts';
import { Attempt } from './attempt.ts';
import { describeConnectionProblem } from './connection-problem.ts';
import { type ConnectionTiming, DEFAULT_CONNECTION_TIMING } from './connection-timing.ts';
import type { MasterAccess } from './master-access.ts';
import { type MasterAddress, renderMasterAddress } from './master-address.ts';
import type { MasterDetector } from './master-detector.ts';
import { findNextMaster } from './next-master.ts';
import type { Rejection } from './scheduler-call.ts';
import { SchedulerStream, openSchedulerStream } from './scheduler-stream.ts';
import { TroubleLog } from './trouble-log.ts';

export interface ConnectionOptions {
  readonly detector: MasterDetector;
  readonly access: MasterAccess;
  /** For messages. */
  readonly principal: string | undefined;
  /** Asked before each subscription, since the framework id comes with the first one. */
  readonly createSubscribe: () => SchedulerCall;
  readonly onOpen: (stream: SchedulerStream, master: MasterAddress) => void;
  /** In order, one at a time, never of a stream that is closed; must not throw. */
  readonly onEvent: (event: SchedulerEvent) => void;
  readonly onClose: (reason: string) => void;
  readonly log: Logger;
  readonly chance: () => number;
  readonly timing?: Partial<ConnectionTiming>;
  readonly signal: AbortSignal;
}

class SchedulerConnection {
  readonly #options: ConnectionOptions;
  readonly #timing: ConnectionTiming;
  readonly #trouble: TroubleLog;
  #failures = 0;
  #attempt: Attempt;
  #announced = '';
  /** Before the first subscription a refusal is a mistake of the operator; later it may pass, and tasks are running. */
  #hasSubscribed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#timing = { ...DEFAULT_CONNECTION_TIMING, ...options.timing };
    this.#trouble = new TroubleLog(options.log, this.#timing.reminderMs);
    this.#attempt = new Attempt(options.signal);
  }

  async run(): Promise<void> {
    const { detector, signal } = this.#options;
    const unwatch = detector.watch((leader) => this.#attempt.replace(leader));
    try {
      while (!signal.aborted) await this.#runAttempt();
    } finally {
      unwatch();
      this.#attempt.end();
    }
  }

  /** One subscription with the redirects before it, and the pause after it; a change of leader cuts each of them short. */
  async #runAttempt(): Promise<void> {
    const { detector, signal, chance } = this.#options;
    const attempt = new Attempt(signal);
    this.#attempt = attempt;
    try {
      const hasSubscribed = await this.#subscribe(attempt);
      if (!hasSubscribed) detector.moveOn();
      this.#failures += 1;
      const limits = { baseMs: this.#timing.backoffBaseMs, maxMs: this.#timing.backoffMaxMs };
      await sleep(toBackoffMs(this.#failures, chance(), limits), undefined, { signal: attempt.signal });
    } catch (error) {
      if (!attempt.signal.aborted) throw error;
    } finally {
      attempt.end();
    }
  }

  /** True when there was a subscription. @throws StevedoreError what only a person can change */
  async #subscribe(attempt: Attempt): Promise<boolean> {
    const { principal } = this.#options;
    try {
      let next: MasterAddress | undefined = await this.#options.detector.detect(attempt.signal);
      while (next !== undefined) {
        attempt.chain.push(next);
        const stream = await this.#open(next, attempt.signal);
        if (stream instanceof SchedulerStream) {
          await this.#consume(stream, next);
          return true;
        }
        next = findNextMaster(stream, attempt.chain, { trouble: this.#trouble, principal });
      }
    } catch (error) {
      if (attempt.signal.aborted) throw error;
      if (error instanceof StevedoreError && !this.#hasSubscribed) throw error;
      const last = attempt.chain.at(-1);
      const problem = describeConnectionProblem(error, last?.protocol);
      const master = last && renderMasterAddress(last);
      this.#trouble.warn({ master, problem }, 'the Mesos master cannot be reached');
    }
    return false;
  }

  async #open(master: MasterAddress, signal: AbortSignal): Promise<SchedulerStream | Rejection> {
    const { access, createSubscribe } = this.#options;
    const request = { master, access, timing: this.#timing, signal };
    const answer = await openSchedulerStream({ ...request, call: createSubscribe() });
    if (answer instanceof SchedulerStream || answer.status !== 401) return answer;
    const isRenewed = access.credential?.refuse(answer.authorization ?? '') === true;
    return isRenewed ? await openSchedulerStream({ ...request, call: createSubscribe() }) : answer;
  }

  async #consume(stream: SchedulerStream, master: MasterAddress): Promise<void> {
    const { onOpen, onEvent, onClose } = this.#options;
    this.#announce(master);
    onOpen(stream, master);
    const openedAtMs = performance.now();
    let reason = 'the master ended the stream';
    try {
      for await (const event of stream.events()) {
        if (event.type === 'SUBSCRIBED') this.#subscribed();
        onEvent(event);
      }
    } catch (error) {
      reason = messageOf(error);
    } finally {
      stream.close();
      if (performance.now() - openedAtMs >= this.#timing.stableMs) this.#failures = 0;
      onClose(reason);
    }
  }

  #subscribed(): void {
    this.#hasSubscribed = true;
    this.#trouble.clear();
  }

  /** The line that scripts of the old integration look for. */
  #announce(master: MasterAddress): void {
    const at = renderMasterAddress(master);
    if (at !== this.#announced) this.#options.log.info({}, `New master detected at master@${at}`);
    this.#announced = at;
  }
}

/**
 * Runs until the signal. What a person must correct ends it only before the first subscription; afterwards it is told,
 * and tried again, since tasks are running.
 * @throws StevedoreError ERR_MASTER_REFUSED, ERR_MASTER_AUTHENTICATION, ERR_MASTER_LOGIN, ERR_MASTER_FILE
 */
export function runConnection(options: ConnectionOptions): Promise<void> {
  return new SchedulerConnection(options).run();
}
