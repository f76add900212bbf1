/** How long to wait before the next attempt. */

const FIRST_MS = 250;
const LONGEST_MS = 10_000;

/**
 * Doubles from 250 ms to 10 s, the latter half of each by chance, so that the executors of a whole cluster do not come
 * back in one instant. `attempt` counts from 0, `chance` is in [0, 1).
 */
export function toRetryDelayMs(attempt: number, chance: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 20));
  return Math.round(full / 2 + (full / 2) * chance);
}
