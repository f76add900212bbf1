/** Errors of local/. */
import type { ErrorEntry } from './entry.ts';

export const LOCAL_ERRORS = {} satisfies Record<string, ErrorEntry>;
