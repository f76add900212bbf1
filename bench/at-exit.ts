/** What a benchmark leaves on the machine is undone by it, and by this when it is interrupted or fails half-way: last first. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const open = new Set<() => void>();

process.once('exit', () => {
  for (const undo of [...open].toReversed()) undo();
});
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code));

/** Gives what the benchmark itself calls when it is done. Either way it is run once. */
export function undoAtExit(undo: () => void): () => void {
  const once = () => {
    if (open.delete(once)) undo();
  };
  open.add(once);
  return once;
}

export interface Place {
  readonly path: string;
  readonly remove: () => void;
}

/** A directory that holds all that a benchmark writes. */
export function createPlace(): Place {
  const path = mkdtempSync(join(tmpdir(), 'stevedore-bench-'));
  // A process that was killed a moment ago may still write there.
  const options = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 };
  return { path, remove: undoAtExit(() => rmSync(path, options)) };
}
