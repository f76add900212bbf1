/**
 * How many agents may fetch the executor bundle at once, so that each has it well before its registration timeout. All
 * fetches share what the server's link carries; that is estimated by how long they take.
 */

export interface FetchRate {
  /** Of all fetches together. */
  readonly bytesPerSecond: number;
}

/** 64 MiB/s: half of what a gigabit link carries. */
export const FIRST_RATE: FetchRate = { bytesPerSecond: 64 * 1024 * 1024 };

/** How much one measurement counts. */
const WEIGHT = 0.3;
/** An executor that was there at once proves no endless link. */
const MOST_AT_ONCE = 2;

export interface Fetch {
  readonly sizeBytes: number;
  /** From the ACCEPT to the executor's first word: fetch, unpacking and start. */
  readonly durationMs: number;
  /** Agents that fetched at that time, this one among them. */
  readonly together: number;
}

/**
 * A quick fetch with few others says only that the link carries at least so much; a slow one says what it carries. So the
 * estimate grows by any fetch that shows more, and shrinks only by one that took more than half of the time it may.
 */
export function noteFetch(rate: FetchRate, fetch: Fetch, targetMs: number): FetchRate {
  const shown = (fetch.sizeBytes * fetch.together * 1000) / Math.max(1, fetch.durationMs);
  const seen = Math.min(shown, rate.bytesPerSecond * MOST_AT_ONCE);
  if (seen < rate.bytesPerSecond && fetch.durationMs * 2 < targetMs) return rate;
  return { bytesPerSecond: rate.bytesPerSecond * (1 - WEIGHT) + seen * WEIGHT };
}

/** An agent gave up waiting for its executor. */
export function noteTimeout(rate: FetchRate): FetchRate {
  return { bytesPerSecond: rate.bytesPerSecond / 2 };
}

/** At least one. */
export function toWaveSize(rate: FetchRate, sizeBytes: number, targetMs: number): number {
  return Math.max(1, Math.floor((rate.bytesPerSecond * targetMs) / 1000 / Math.max(1, sizeBytes)));
}
