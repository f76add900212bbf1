/** gunzip and zstd between the digest and the tar reader, with large pieces on both sides. */
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Transform } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type ConsumePiece, PIECE_BYTES } from './coalescer.ts';

/** Takes a decoded piece for good; the buffer may be used again afterwards. */
export type TakeDecoded = (piece: Buffer) => void;

export interface Decoder {
  readonly write: ConsumePiece;
  /** Fulfilled when every decoded piece was taken. */
  readonly end: () => Promise<void>;
  readonly destroy: () => void;
}

/** No decoder at all for a plain tar. */
export function createDecoder(format: 'tar' | 'tar.gz' | 'tar.zst', take: TakeDecoded): Decoder {
  if (format === 'tar')
    return { write: async (piece) => take(piece), end: async () => {}, destroy: () => {} };
  const options = { chunkSize: PIECE_BYTES };
  return new StreamDecoder(format === 'tar.gz' ? createGunzip(options) : createZstdDecompress(options), take);
}

class StreamDecoder implements Decoder {
  readonly #stream: Transform;
  readonly #take: TakeDecoded;
  readonly #failed = Promise.withResolvers<never>();

  constructor(stream: Transform, take: TakeDecoded) {
    this.#stream = stream;
    this.#take = take;
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
  };

  destroy = (): void => {
    this.#stream.destroy();
    this.#failed.reject(new Error('decoding was given up'));
  };

  /** Nothing may be thrown into the stream: it would be nobody's. */
  #emit(piece: Buffer): void {
    try {
      this.#take(piece);
    } catch (error) {
      this.#failed.reject(error);
      this.#stream.destroy();
    }
  }
}
