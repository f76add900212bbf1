/** Errors of executor/. */
import type { ErrorEntry } from './entry.ts';

export const EXECUTOR_ERRORS = {} satisfies Record<string, ErrorEntry>;
