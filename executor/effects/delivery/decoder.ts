/** gunzip and zstd between the digest and the tar reader, with large pieces on both sides. */
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Transform } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type ConsumePiece, PIECE_BYTES } from './coalescer.ts';

/** Decoded pieces on their way to the disk before decoding waits. */
const MAX_IN_FLIGHT = 4;

export interface Decoder {
  readonly write: ConsumePiece;
  /** Fulfilled when every decoded piece was consumed. */
  readonly end: () => Promise<void>;
  readonly destroy: () => void;
}

/** No decoder at all for a plain tar. */
export function createDecoder(format: 'tar' | 'tar.gz' | 'tar.zst', next: ConsumePiece): Decoder {
  if (format === 'tar') return { write: next, end: async () => {}, destroy: () => {} };
  const options = { chunkSize: PIECE_BYTES };
  return new StreamDecoder(format === 'tar.gz' ? createGunzip(options) : createZstdDecompress(options), next);
}

class StreamDecoder implements Decoder {
  readonly #stream: Transform;
  readonly #next: ConsumePiece;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #failed = Promise.withResolvers<never>();

  constructor(stream: Transform, next: ConsumePiece) {
    this.#stream = stream;
    this.#next = next;
    this.#failed.promise.catch(() => {});
    stream.on('error', (error) => this.#failed.reject(error));
    stream.on('data', (piece: Buffer) => this.#emit(piece));
  }

  write = async (piece: Buffer): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#stream.write(piece, (error) => {
      if (!error) resolve();
    });
    await Promise.race([promise, this.#failed.promise]);
  };

  end = async (): Promise<void> => {
    this.#stream.end();
    await Promise.race([finished(this.#stream), this.#failed.promise]);
    await Promise.race([Promise.all(this.#inFlight), this.#failed.promise]);
  };

  destroy = (): void => {
    this.#stream.destroy();
    this.#failed.reject(new Error('decoding was given up'));
  };

  #emit(piece: Buffer): void {
    const work = this.#run(piece).finally(() => {
      this.#inFlight.delete(work);
      this.#stream.resume();
    });
    this.#inFlight.add(work);
    if (this.#inFlight.size >= MAX_IN_FLIGHT) this.#stream.pause();
  }

  async #run(piece: Buffer): Promise<void> {
    try {
      await this.#next(piece);
    } catch (error) {
      this.#failed.reject(error);
      this.#stream.destroy();
    }
  }
}
