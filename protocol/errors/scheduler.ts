/** Errors of scheduler/. */
import type { ErrorEntry } from './entry.ts';

export const SCHEDULER_ERRORS = {} satisfies Record<string, ErrorEntry>;
