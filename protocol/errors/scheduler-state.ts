/** Errors of scheduler/state and scheduler/leadership. */
import type { ErrorEntry } from './entry.ts';

export const SCHEDULER_STATE_ERRORS = {} satisfies Record<string, ErrorEntry>;
