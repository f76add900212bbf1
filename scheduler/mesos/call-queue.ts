/** Sends calls one after the other on the subscription they were made under; what an older one left over is dropped. */
import { messageOf } from '../../protocol/errors.ts';
import type { SchedulerCall } from '../../protocol/mesos/scheduler.ts';
import type { Logger } from '../log.ts';
import type { SchedulerStream } from './scheduler-stream.ts';

export class CallQueue {
  readonly #log: Logger;
  #stream: SchedulerStream | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Undefined: disconnected. */
  use(stream: SchedulerStream | undefined): void {
    this.#stream = stream;
  }

  /** @param onAccepted runs when the master took it; a call that is lost is never told: the next subscription repeats it. */
  send(call: SchedulerCall, onAccepted: () => void = () => undefined): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    this.#last = this.#last.then(() => this.#deliver(stream, call, onAccepted));
  }

  async #deliver(stream: SchedulerStream, call: SchedulerCall, onAccepted: () => void): Promise<void> {
    if (stream !== this.#stream) return;
    try {
      const rejection = await stream.send(call);
      if (rejection === undefined) return onAccepted();
      this.#log.warn(
        { call: call.type, status: rejection.status, body: rejection.body },
        'the Mesos master refused a call',
      );
    } catch (error) {
      if (stream !== this.#stream) return;
      this.#log.warn({ call: call.type, problem: messageOf(error) }, 'a call to the Mesos master was lost');
    }
    // Subscribing again voids all offers and makes Mesos repeat what it has to say, so nothing stays half done.
    if (stream === this.#stream) stream.close();
  }
}
