/** How far a long work on bytes (hashing, packing, fetching) is. The total is unknown where an upstream does not say it. */
export type Progress = (doneBytes: number, totalBytes: number | undefined) => void;

/** What every long work takes. */
export interface WorkOptions {
  readonly progress?: Progress | undefined;
  readonly signal?: AbortSignal | undefined;
}
