/**
 * The port behind which a scheduler keeps what must survive it: named records, changed many at a time, all or nothing.
 * SQLite keeps them for one scheduler, ZooKeeper for several.
 */

/** Names are path-like: `framework-id`, `instances/worker-1`. null deletes. */
export type RecordChanges = ReadonlyMap<string, Uint8Array | null>;

export interface RecordStore {
  /** Every record. */
  read(): Promise<ReadonlyMap<string, Uint8Array>>;
  /**
   * Durable when it resolves. One write at a time.
   * @throws StevedoreError ERR_STATE_FENCED when another scheduler leads; nothing was written then
   */
  write(changes: RecordChanges): Promise<void>;
  close(): Promise<void>;
}
