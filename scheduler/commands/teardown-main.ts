/** `stevedore teardown`: ends a cluster, its tasks and its framework, through its running scheduler. */
import { parseCommandFlags } from './command-flags.ts';
import { StevedoreError } from '../../protocol/errors.ts';
import { callApi } from '../api/client.ts';
import type { TeardownReport } from '../api/status.ts';

const USAGE = 'Usage: stevedore teardown --state-dir DIR';

export async function main(argv: readonly string[]): Promise<number> {
  const flags = parseCommandFlags(
    argv,
    { 'state-dir': { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    USAGE,
  );
  if (flags.help === true) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const directory = flags['state-dir'];
  if (directory === undefined)
    throw new StevedoreError('ERR_COMMAND_LINE', { problem: '--state-dir is missing', usage: USAGE });
  const report = await callApi<TeardownReport>(directory, 'POST', '/v1/teardown');
  process.stdout.write(`torn down: framework ${report.frameworkId ?? '(none was registered)'}\n`);
  return 0;
}
