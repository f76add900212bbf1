/**
 * Jute, the serialization of ZooKeeper: big-endian, no tags. A length of -1 is a null buffer, string or vector (zookeeper.jute
 * and BinaryOutputArchive of ZooKeeper).
 */
import { StevedoreError } from '../../protocol/errors.ts';

export class JuteWriter {
  readonly #chunks: Uint8Array[] = [];

  int(value: number): this {
    const chunk = Buffer.allocUnsafe(4);
    chunk.writeInt32BE(value);
    this.#chunks.push(chunk);
    return this;
  }

  long(value: bigint): this {
    const chunk = Buffer.allocUnsafe(8);
    chunk.writeBigInt64BE(value);
    this.#chunks.push(chunk);
    return this;
  }

  bool(value: boolean): this {
    this.#chunks.push(Buffer.from([value ? 1 : 0]));
    return this;
  }

  buffer(value: Uint8Array): this {
    this.int(value.byteLength);
    this.#chunks.push(value);
    return this;
  }

  string(value: string): this {
    return this.buffer(Buffer.from(value, 'utf8'));
  }

  vector<Item>(items: readonly Item[], write: (item: Item) => unknown): this {
    this.int(items.length);
    for (const item of items) write(item);
    return this;
  }

  finish(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

/** @throws StevedoreError ERR_ZOOKEEPER_PROTOCOL from every method, when the bytes end too early or a length is impossible. */
export class JuteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  #take(length: number): number {
    if (length > this.remaining) {
      const problem = `${length} bytes expected where ${this.remaining} are left`;
      throw new StevedoreError('ERR_ZOOKEEPER_PROTOCOL', { problem });
    }
    this.#at += length;
    return this.#at - length;
  }

  #length(): number {
    const length = this.int();
    if (length < -1) throw new StevedoreError('ERR_ZOOKEEPER_PROTOCOL', { problem: `a length of ${length}` });
    return Math.max(length, 0);
  }

  int(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  long(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8));
  }

  bool(): boolean {
    return this.#bytes[this.#take(1)] !== 0;
  }

  /** A view, not a copy; null is empty. */
  buffer(): Buffer {
    const length = this.#length();
    const from = this.#take(length);
    return this.#bytes.subarray(from, from + length);
  }

  string(): string {
    return this.buffer().toString('utf8');
  }

  vector<Item>(read: () => Item): Item[] {
    const items: Item[] = [];
    for (let left = this.#length(); left > 0; left -= 1) items.push(read());
    return items;
  }
}
