/** One timer of which only the newest setting counts. */
export class Timer {
  readonly #elapse: () => void;
  #handle: NodeJS.Timeout | undefined;

  constructor(elapse: () => void) {
    this.#elapse = elapse;
  }

  set(delayMs: number): void {
    this.clear();
    this.#handle = setTimeout(this.#elapse, delayMs);
  }

  clear(): void {
    clearTimeout(this.#handle);
  }
}
