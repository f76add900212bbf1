/** The executor's own lines in `stderr` of the sandbox: one line each, with the time, never a secret. */
import { writeSync } from 'node:fs';

export type Log = (line: string) => void;

const STDERR = 2;

export function log(line: string): void {
  const text = `${new Date().toISOString()} stevedore: ${line.replaceAll('\n', ' | ')}\n`;
  try {
    writeSync(STDERR, text);
  } catch {
    // The reader of a log pipe may be gone; no task should die of that.
  }
}
