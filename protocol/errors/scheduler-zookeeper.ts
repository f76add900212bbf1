/** Errors of scheduler/zookeeper. */
import type { ErrorEntry } from './entry.ts';

export const SCHEDULER_ZOOKEEPER_ERRORS = {} satisfies Record<string, ErrorEntry>;
