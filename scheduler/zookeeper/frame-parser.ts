/** Messages of ZooKeeper's wire: four bytes of length, then the message. */
import { StevedoreError } from '../../protocol/errors.ts';

/** Far above what servers take by default (1 MiB); more is no ZooKeeper. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

export function renderFrame(message: Buffer): Buffer {
  const length = Buffer.allocUnsafe(4);
  length.writeInt32BE(message.length);
  return Buffer.concat([length, message]);
}

/** Puts messages together, however the stream is cut. */
export class FrameParser {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** @throws StevedoreError ERR_ZOOKEEPER_PROTOCOL */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const frames: Buffer[] = [];
    for (let frame = this.#shift(); frame !== undefined; frame = this.#shift()) frames.push(frame);
    return frames;
  }

  #shift(): Buffer | undefined {
    if (this.#bytes < 4) return undefined;
    const head = this.#chunks[0] as Buffer;
    const length = (head.length < 4 ? this.#join() : head).readInt32BE();
    if (length < 0 || length > MAX_FRAME_BYTES) {
      throw new StevedoreError('ERR_ZOOKEEPER_PROTOCOL', { problem: `a message of ${length} bytes` });
    }
    if (this.#bytes < 4 + length) return undefined;
    const all = this.#join();
    this.#chunks = [all.subarray(4 + length)];
    this.#bytes -= 4 + length;
    return all.subarray(4, 4 + length);
  }

  #join(): Buffer {
    const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}
