/** A file that holds one secret, read each time: who replaces the file need not restart anything. */
import { readFileSync } from 'node:fs';
import { messageOf } from '../../protocol/errors.ts';

export class SecretFile {
  readonly #path: string;
  readonly #toError: (problem: string) => Error;
  #last: string | undefined;

  /** @param toError makes what is thrown; the problem never shows what the file holds. */
  constructor(path: string, toError: (problem: string) => Error) {
    this.#path = path;
    this.#toError = toError;
  }

  /** Without the final newline. A file that is away for a moment is no reason to stop: what it held last still holds. */
  read(): string {
    try {
      this.#last = readFileSync(this.#path, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      if (this.#last === undefined) throw this.#toError(messageOf(error));
    }
    if (this.#last === '') throw this.#toError('it is empty');
    return this.#last as string;
  }
}
