/** Errors of scheduler/core/rollout. */
import type { ErrorEntry } from './entry.ts';

export const SCHEDULER_ROLLOUT_ERRORS = {} satisfies Record<string, ErrorEntry>;
