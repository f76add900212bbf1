/** Records that outlive a simulated scheduler, and a disk that fails when it is told to. */
import type { RecordChanges, RecordStore } from '../../scheduler/state/record-store.ts';

export class MemoryRecordStore implements RecordStore {
  readonly records = new Map<string, Uint8Array>();
  failure: 'before' | 'after' | undefined;

  read(): Promise<ReadonlyMap<string, Uint8Array>> {
    return Promise.resolve(new Map(this.records));
  }

  async write(changes: RecordChanges): Promise<void> {
    const { failure } = this;
    this.failure = undefined;
    if (failure === 'before') throw new Error('the disk is gone');
    for (const [name, value] of changes) {
      if (value === null) this.records.delete(name);
      else this.records.set(name, value);
    }
    if (failure === 'after') throw new Error('the disk is gone');
  }

  readJson(name: string): unknown {
    const bytes = this.records.get(name);
    return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString('utf8'));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
