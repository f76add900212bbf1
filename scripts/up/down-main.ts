/** `stevedore down`: ends an `up` from elsewhere, or what one left that was killed. */
import { StevedoreError } from '../../protocol/errors.ts';
import { renderDuration } from '../../protocol/duration.ts';
import { layOut, logPathOf } from './layout.ts';
import { DOWN_USAGE, parseDownOptions } from './options.ts';
import { isRunning, signalProcess, waitForEnd } from './process-identity.ts';
import { takeDownRecorded } from './take-down.ts';
import { readUpRecord } from './up-record.ts';

/** Longer than an orderly taking down takes with all its bounds. */
const END_MS = 120_000;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** @throws StevedoreError ERR_DOWN_STUCK */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseDownOptions(argv);
  if (options === undefined) {
    print(DOWN_USAGE);
    return 0;
  }
  const layout = layOut(options.directory);
  const record = await readUpRecord(layout.recordPath);
  if (record === undefined) {
    print('Nothing runs that `up` started here.');
    return 0;
  }
  const { owner } = record;
  if (isRunning(owner)) {
    signalProcess(owner, 'SIGTERM');
    if (await waitForEnd(owner, END_MS)) return 0;
    const log = logPathOf(layout, 'framework');
    throw new StevedoreError('ERR_DOWN_STUCK', { pid: owner.pid, duration: renderDuration(END_MS), log });
  }
  print('`up` was killed: cleaning up after it.');
  await takeDownRecorded(layout, record, print);
  return 0;
}
