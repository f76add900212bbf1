/** Errors of scheduler/mesos. */
import type { ErrorEntry } from './entry.ts';

export const SCHEDULER_MESOS_ERRORS = {} satisfies Record<string, ErrorEntry>;
