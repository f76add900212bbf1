/** Errors of config/. */
import type { ErrorEntry } from './entry.ts';

export const CONFIG_ERRORS = {} satisfies Record<string, ErrorEntry>;
