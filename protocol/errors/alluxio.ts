/** Errors of alluxio/. */
import type { ErrorEntry } from './entry.ts';

export const ALLUXIO_ERRORS = {} satisfies Record<string, ErrorEntry>;
