/** Records in memory, for tests of what stands on a store. */
import type { RecordChanges, RecordStore } from '../../scheduler/state/record-store.ts';

export class MemoryRecordStore implements RecordStore {
  #records: ReadonlyMap<string, Uint8Array> = new Map();

  async read(): Promise<ReadonlyMap<string, Uint8Array>> {
    return new Map(this.#records);
  }

  async write(changes: RecordChanges): Promise<void> {
    const next = new Map(this.#records);
    for (const [name, value] of changes) {
      if (value === null) next.delete(name);
      else next.set(name, Uint8Array.from(value));
    }
    this.#records = next;
  }

  async close(): Promise<void> {}
}
