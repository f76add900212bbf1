/** Errors of scheduler/core/constraints and scheduler/core/volumes. */
import type { ErrorEntry } from './entry.ts';

export const SCHEDULER_PLACEMENT_ERRORS = {} satisfies Record<string, ErrorEntry>;
