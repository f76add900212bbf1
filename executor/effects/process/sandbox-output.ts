/** Passes a service's output on to the sandbox's `stdout` and `stderr`, which are the executor's own. */
import { writeSync } from 'node:fs';

const DESCRIPTORS = { stdout: 1, stderr: 2 };

/** Writes all of it before it returns, so that a slow disk slows the service and fills no memory. */
export function writeOutput(target: keyof typeof DESCRIPTORS, chunk: Buffer): void {
  let rest = chunk;
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(DESCRIPTORS[target], rest));
  } catch {
    // A full disk or a closed log pipe must not end the service.
  }
}
