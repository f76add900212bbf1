/** `stevedore forget`: the operator's word that the state of an instance is lost, and that it may start anew anywhere. */
import { StevedoreError } from '../../protocol/errors.ts';
import { callApi } from '../api/client.ts';
import type { Accepted } from '../api/status.ts';
import { parseCommandFlags } from './command-flags.ts';

const USAGE = 'Usage: stevedore forget --instance NAME --state-dir DIR';

export async function main(argv: readonly string[]): Promise<number> {
  const options = {
    instance: { type: 'string' },
    'state-dir': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { instance, help, 'state-dir': directory } = parseCommandFlags(argv, options, USAGE);
  if (help === true) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  if (directory === undefined || instance === undefined)
    throw new StevedoreError('ERR_COMMAND_LINE', {
      problem: '--instance and --state-dir are needed',
      usage: USAGE,
    });
  await callApi<Accepted>(directory, 'POST', `/v1/instances/${encodeURIComponent(instance)}/forget`);
  process.stdout.write(`${instance} starts anew, without what it held\n`);
  return 0;
}
