/** Sends calls one after the other on the subscription they were made under; what an older one left over is dropped. */
import { messageOf } from '../../protocol/errors.ts';
import type { SchedulerCall } from '../../protocol/mesos/scheduler.ts';
import type { Logger } from '../log.ts';
import type { Rejection } from './scheduler-call.ts';
import type { SchedulerStream } from './scheduler-stream.ts';

/** Refused without harm: the next subscription says the same. A master before 1.9 answers 501. */
const DISPENSABLE: ReadonlySet<SchedulerCall['type']> = new Set(['UPDATE_FRAMEWORK']);

/** 403, and 400 by its text: the master has another stream of ours, or none, or does not know the framework. */
function isStale({ status, body }: Rejection): boolean {
  return status === 403 || (status === 400 && /stream id|cannot be found|not subscribed/i.test(body));
}

/** What became of a call, for metrics. */
export type CallResult = 'accepted' | 'refused' | 'lost';

export type CallObserver = (type: SchedulerCall['type'], result: CallResult) => void;

/** Sends on one subscription only: what was decided by its events means nothing on the next. */
export interface CallSender {
  /** @param onAccepted runs when the master took it; a call that is lost is never told: the next subscription repeats it. */
  send(call: SchedulerCall, onAccepted?: () => void): void;
}

export class CallQueue implements CallSender {
  readonly #log: Logger;
  readonly #observe: CallObserver;
  #stream: SchedulerStream | undefined;
  #sender: CallSender | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(log: Logger, observe: CallObserver = () => undefined) {
    this.#log = log;
    this.#observe = observe;
  }

  /** Of the subscription of this moment; undefined: disconnected. */
  get sender(): CallSender | undefined {
    return this.#sender;
  }

  /** Undefined: disconnected. */
  use(stream: SchedulerStream | undefined): void {
    this.#stream = stream;
    this.#sender = stream && { send: (call, onAccepted) => this.#enqueue(stream, call, onAccepted) };
  }

  send(call: SchedulerCall, onAccepted?: () => void): void {
    this.#sender?.send(call, onAccepted);
  }

  #enqueue(stream: SchedulerStream, call: SchedulerCall, onAccepted: () => void = () => undefined): void {
    this.#last = this.#last.then(() => this.#deliver(stream, call, onAccepted));
  }

  async #deliver(stream: SchedulerStream, call: SchedulerCall, onAccepted: () => void): Promise<void> {
    if (stream !== this.#stream || stream.isClosed) return;
    try {
      const rejection = await stream.send(call);
      // What the master took is so, also when the stream has ended meanwhile, as it does after a TEARDOWN.
      this.#observe(call.type, rejection === undefined ? 'accepted' : 'refused');
      if (rejection === undefined) return onAccepted();
      if (stream === this.#stream) this.#refused(stream, call, rejection);
    } catch (error) {
      this.#observe(call.type, 'lost');
      if (stream !== this.#stream || stream.isClosed) return;
      this.#log.warn({ call: call.type, problem: messageOf(error) }, 'a call to the Mesos master was lost');
      this.#subscribeAgain(stream, `${call.type} was lost: ${messageOf(error)}`);
    }
  }

  #refused(stream: SchedulerStream, call: SchedulerCall, rejection: Rejection): void {
    const { status, body } = rejection;
    const text = isStale(rejection)
      ? 'the Mesos master does not hold this subscription any more'
      : 'the Mesos master refused a call';
    this.#log.warn({ call: call.type, status, body }, text);
    if (!DISPENSABLE.has(call.type))
      this.#subscribeAgain(stream, `${call.type} was refused: ${status} ${body}`);
  }

  /** It voids all offers and makes Mesos repeat what it has to say, so nothing stays half done. */
  #subscribeAgain(stream: SchedulerStream, reason: string): void {
    stream.close(new Error(reason));
  }
}
