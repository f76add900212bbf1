/** Closes what was opened, the last first. */
import { messageOf } from '../protocol/errors.ts';
import type { Logger } from './log.ts';

export class Cleanup {
  readonly #closers: (() => void | Promise<void>)[] = [];
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  add(close: () => void | Promise<void>): void {
    this.#closers.push(close);
  }

  async run(): Promise<void> {
    for (const close of this.#closers.toReversed())
      try {
        await close();
      } catch (error) {
        this.#log.warn({ problem: messageOf(error) }, 'something could not be closed');
      }
  }
}
