/** A store whose records look different to its user than to the disk: sealed, or with their version around them. */
import type { RecordChanges, RecordStore } from './record-store.ts';

export interface RecordCodec {
  encode(name: string, value: Uint8Array): Uint8Array;
  /** @throws StevedoreError that names the record */
  decode(name: string, stored: Uint8Array): Uint8Array;
}

/** The first codec is the one next to the user, the last one next to the disk. */
export class CodedRecordStore implements RecordStore {
  readonly #store: RecordStore;
  readonly #codecs: readonly RecordCodec[];

  constructor(store: RecordStore, codecs: readonly RecordCodec[]) {
    this.#store = store;
    this.#codecs = codecs;
  }

  async read(): Promise<ReadonlyMap<string, Uint8Array>> {
    const stored = await this.#store.read();
    return new Map([...stored].map(([name, bytes]) => [name, this.#decode(name, bytes)]));
  }

  async write(changes: RecordChanges): Promise<void> {
    const encoded = [...changes].map(
      ([name, value]) => [name, value === null ? null : this.#encode(name, value)] as const,
    );
    await this.#store.write(new Map(encoded));
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  #encode(name: string, value: Uint8Array): Uint8Array {
    return this.#codecs.reduce((bytes, codec) => codec.encode(name, bytes), value);
  }

  #decode(name: string, stored: Uint8Array): Uint8Array {
    return this.#codecs.reduceRight((bytes, codec) => codec.decode(name, bytes), stored);
  }
}
