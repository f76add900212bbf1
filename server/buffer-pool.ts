/** Reusable pieces of memory for transfers: fewer and larger writes cost less than half of a 64 KiB pipeline. */

/** One read and one write. Larger pieces gain little, smaller ones cost much (measured). */
export const PIECE_BYTES = 256 * 1024;

/** What stays allocated while nothing is sent: 16 MiB, enough for 32 transfers. */
const KEPT_PIECES = 64;

export class BufferPool {
  readonly #free: Buffer[] = [];

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES);
  }

  /** Only after the write is confirmed: until then the socket may still read from it. */
  giveBack(piece: Buffer): void {
    if (this.#free.length < KEPT_PIECES) this.#free.push(piece);
  }
}
