/** A rollout strategy as operators write it: `serial`, `canary`, or how many instances at a time. */
import type { RolloutRule } from '../service-spec.ts';

export type RolloutStrategy = RolloutRule['strategy'];

/** Undefined: it is none of these. */
export function parseStrategy(text: string): RolloutStrategy | undefined {
  const word = text.trim().toLowerCase();
  if (word === 'serial' || word === 'canary') return word;
  return /^[1-9]\d{0,3}$/.test(word) ? { parallel: Number(word) } : undefined;
}

/** `parallel 3`, for a person. */
export function renderStrategy(strategy: RolloutStrategy): string {
  return typeof strategy === 'object' ? `parallel ${strategy.parallel}` : strategy;
}
