/** What to do with a state directory that a prepare command formats once. */

export interface StateFacts {
  /** Of the launch spec; undefined: nothing formats this directory. */
  readonly formatted: boolean | undefined;
  readonly empty: boolean;
  /** A format was begun here and never finished. */
  readonly interrupted: boolean;
}

/**
 * `lost`: it was formatted before and is empty now, which is never answered by formatting again. `empty`: to be
 * formatted. `restart`: emptied, then formatted again. `keep`: used as it is.
 */
export type StateVerdict = 'lost' | 'empty' | 'restart' | 'keep';

export function judgeState(facts: StateFacts): StateVerdict {
  if (facts.formatted === undefined) return 'keep';
  if (facts.formatted) return facts.empty ? 'lost' : 'keep';
  if (facts.interrupted) return 'restart';
  return facts.empty ? 'empty' : 'keep';
}
