/** Keeps the framework subscribed: finds the master, follows redirects, waits while it starts, comes back after silence. */
import { setTimeout as sleep } from 'node:timers/promises';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import type { SchedulerCall, SchedulerEvent } from '../../protocol/mesos/scheduler.ts';
import { toBackoffMs } from '../core/timing.ts';
import type { Logger } from '../log.ts';
import {
  type MasterAddress,
  type MasterDetector,
  parseRedirect,
  renderMasterAddress,
} from './master-detector.ts';
import { type Rejection, SchedulerStream, openSchedulerStream } from './scheduler-stream.ts';

const BACKOFF = { baseMs: 500, maxMs: 15_000 };
const MAX_REDIRECTS = 5;
/** A master that is not ready: no leader yet, still recovering, routes not installed, overloaded. */
const STARTING = new Set([404, 500, 502, 503, 504]);

export interface ConnectionOptions {
  readonly detector: MasterDetector;
  readonly authorization: string | undefined;
  readonly principal: string | undefined;
  /** Asked before each subscription, since the framework id comes with the first one. */
  readonly createSubscribe: () => SchedulerCall;
  readonly onOpen: (stream: SchedulerStream, master: MasterAddress) => void;
  /** In order, one at a time; must not throw. */
  readonly onEvent: (event: SchedulerEvent) => void;
  readonly onClose: (reason: string) => void;
  readonly log: Logger;
  readonly chance: () => number;
  readonly signal: AbortSignal;
}

class SchedulerConnection {
  readonly #options: ConnectionOptions;
  #attempt = 0;
  #redirects = 0;
  #redirected: MasterAddress | undefined;
  #announced = '';

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { signal, chance } = this.#options;
    while (!signal.aborted) {
      const isImmediate = await this.#subscribeOnce();
      if (signal.aborted || isImmediate) continue;
      this.#attempt += 1;
      await sleep(toBackoffMs(this.#attempt, chance(), BACKOFF), undefined, { signal }).catch(
        () => undefined,
      );
    }
  }

  /** True when the next attempt should follow at once. */
  async #subscribeOnce(): Promise<boolean> {
    const { detector, authorization, signal, log, createSubscribe } = this.#options;
    const master = this.#redirected ?? (await detector.detect(signal));
    this.#redirected = undefined;
    const at = renderMasterAddress(master);
    try {
      const stream = await openSchedulerStream({ master, authorization, call: createSubscribe(), signal });
      if (!(stream instanceof SchedulerStream)) return this.#handleRejection(stream, master);
      await this.#consume(stream, master);
    } catch (error) {
      if (error instanceof StevedoreError && error.code.startsWith('ERR_MASTER')) throw error;
      if (!signal.aborted)
        log.warn({ master: at, problem: messageOf(error) }, 'the Mesos master cannot be reached');
    }
    return false;
  }

  async #consume(stream: SchedulerStream, master: MasterAddress): Promise<void> {
    const { onOpen, onEvent, onClose } = this.#options;
    this.#announce(master);
    this.#redirects = 0;
    onOpen(stream, master);
    let reason = 'the master ended the stream';
    try {
      for await (const event of stream.events()) {
        if (event.type === 'SUBSCRIBED') this.#attempt = 0;
        onEvent(event);
      }
    } catch (error) {
      reason = messageOf(error);
    } finally {
      stream.close();
      onClose(reason);
    }
  }

  /** The line that scripts of the old integration look for. */
  #announce(master: MasterAddress): void {
    const at = renderMasterAddress(master);
    if (at !== this.#announced) this.#options.log.info({}, `New master detected at master@${at}`);
    this.#announced = at;
  }

  #handleRejection(rejection: Rejection, from: MasterAddress): boolean {
    const { log, principal } = this.#options;
    const { status, body, location } = rejection;
    const master = renderMasterAddress(from);
    if (status === 307 && location !== undefined) return this.#follow(location, from);
    if (status === 401)
      throw new StevedoreError('ERR_MASTER_AUTHENTICATION', { master, principal: principal ?? '' });
    if (!STARTING.has(status)) throw new StevedoreError('ERR_MASTER_REFUSED', { master, status, body });
    log.warn({ master, status, body }, 'the Mesos master is not ready');
    return false;
  }

  /** By hand, since an HTTP client would drop the credential on the way. */
  #follow(location: string, from: MasterAddress): boolean {
    const target = parseRedirect(location, from);
    this.#redirects += 1;
    this.#options.log.info(
      { master: renderMasterAddress(from), location },
      'redirected to the leading master',
    );
    if (target === undefined || this.#redirects > MAX_REDIRECTS) {
      this.#redirects = 0;
      return false;
    }
    this.#redirected = target;
    return true;
  }
}

/**
 * Runs until the signal.
 * @throws StevedoreError ERR_MASTER_REFUSED, ERR_MASTER_AUTHENTICATION
 */
export function runConnection(options: ConnectionOptions): Promise<void> {
  return new SchedulerConnection(options).run();
}
