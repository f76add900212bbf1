/** Turns the small pieces of a TLS socket into few large ones: what is done per piece then costs next to nothing. */

/** A multiple of tar's block, so that no header is ever cut and no piece is kept by the parser for its rest. */
export const PIECE_BYTES = 256 * 1024;

/** Buffers per transfer; all of them in use is what holds the socket back. */
const POOL_SIZE = 4;

/** The piece may be overwritten as soon as the promise is settled. */
export type ConsumePiece = (piece: Buffer) => Promise<void>;

export class Coalescer {
  readonly #consume: ConsumePiece;
  readonly #free: Buffer[] = [];
  readonly #inFlight = new Set<Promise<void>>();
  #allocated = 0;
  #current: Buffer | undefined;
  #fill = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(consume: ConsumePiece) {
    this.#consume = consume;
  }

  /** Takes a chunk; a promise means that no more may come until it is fulfilled. Rejects with what `consume` threw. */
  push(chunk: Buffer): Promise<void> | undefined {
    let rest = chunk;
    while (rest.length > 0) {
      const buffer = this.#takeBuffer();
      if (buffer === undefined) return this.#pushLater(rest);
      const copied = rest.copy(buffer, this.#fill);
      this.#fill += copied;
      rest = rest.subarray(copied);
      if (this.#fill === PIECE_BYTES) this.#emit();
    }
    return this.#failure === undefined ? undefined : this.#rethrow();
  }

  /** Hands over what is left and waits until all is consumed. */
  async flush(): Promise<void> {
    if (this.#fill > 0) this.#emit();
    await this.settle();
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Waits until nothing is in use any more, however it ended. */
  async settle(): Promise<void> {
    await Promise.all(this.#inFlight);
  }

  async #rethrow(): Promise<void> {
    throw this.#failure?.error;
  }

  async #pushLater(rest: Buffer): Promise<void> {
    await Promise.race(this.#inFlight);
    if (this.#failure !== undefined) throw this.#failure.error;
    await this.push(rest);
  }

  #takeBuffer(): Buffer | undefined {
    this.#current ??= this.#free.pop();
    if (this.#current === undefined && this.#allocated < POOL_SIZE) {
      this.#current = Buffer.allocUnsafeSlow(PIECE_BYTES);
      this.#allocated += 1;
    }
    return this.#current;
  }

  #emit(): void {
    const buffer = this.#current as Buffer;
    const work = this.#run(buffer, buffer.subarray(0, this.#fill)).finally(() => this.#inFlight.delete(work));
    this.#inFlight.add(work);
    this.#current = undefined;
    this.#fill = 0;
  }

  /** Never rejects: a failure is told at the next push, where somebody waits. */
  async #run(buffer: Buffer, piece: Buffer): Promise<void> {
    try {
      if (this.#failure === undefined) await this.#consume(piece);
      this.#free.push(buffer);
    } catch (error) {
      this.#failure ??= { error };
    }
  }
}
