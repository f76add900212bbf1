/** Errors of scheduler/api and scheduler/commands. */
import type { ErrorEntry } from './entry.ts';

export const SCHEDULER_API_ERRORS = {} satisfies Record<string, ErrorEntry>;
