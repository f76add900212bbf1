/** Errors of server/. */
import type { ErrorEntry } from './entry.ts';

export const SERVER_ERRORS = {} satisfies Record<string, ErrorEntry>;
