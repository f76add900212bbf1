/** Where `up` keeps everything: nothing outside the checkout is touched. */
import { join } from 'node:path';

export const CHECKOUT = join(import.meta.dirname, '../..');

export interface UpLayout {
  /** Removed at the end. */
  readonly runDirectory: string;
  /** Kept for reading afterwards. */
  readonly logDirectory: string;
  /** Downloads that later runs use again. */
  readonly cacheDirectory: string;
  readonly recordPath: string;
  readonly mesosDirectory: string;
  readonly stateDirectory: string;
  readonly confDirectory: string;
  /** The storage under Alluxio. */
  readonly ufsDirectory: string;
  /** What executors keep outside their sandboxes: trees, journals. */
  readonly agentRoot: string;
}

/** @param directory `.stevedore` of the checkout, or another one for tests. */
export function layOut(directory: string): UpLayout {
  const runDirectory = join(directory, 'run');
  return {
    runDirectory,
    logDirectory: join(directory, 'logs'),
    cacheDirectory: join(CHECKOUT, '.cache'),
    recordPath: join(runDirectory, 'up.json'),
    mesosDirectory: join(runDirectory, 'mesos'),
    stateDirectory: join(runDirectory, 'state'),
    confDirectory: join(runDirectory, 'conf'),
    ufsDirectory: join(runDirectory, 'ufs'),
    agentRoot: join(runDirectory, 'agent'),
  };
}

export function logPathOf(layout: UpLayout, program: string): string {
  return join(layout.logDirectory, `${program}.out`);
}
