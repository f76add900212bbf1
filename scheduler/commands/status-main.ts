/** `stevedore status`: what a running scheduler says of itself. */
import { parseCommandFlags } from './command-flags.ts';
import { callApi } from '../api/client.ts';
import type { StatusReport } from '../api/status.ts';
import { renderStatusTable } from './status-table.ts';

/** Where `make up` keeps its state. */
const UP_STATE_DIRECTORY = '.stevedore/run/state';
const USAGE = 'Usage: stevedore status [--state-dir DIR] [--json]';

export async function main(argv: readonly string[]): Promise<number> {
  const flags = parseCommandFlags(
    argv,
    { 'state-dir': { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    USAGE,
  );
  if (flags.help === true) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const report = await callApi<StatusReport>(flags['state-dir'] ?? UP_STATE_DIRECTORY, 'GET', '/v1/status');
  const colours = process.stdout.isTTY && !process.env.NO_COLOR ? 'colours' : 'plain';
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(report)}\n` : renderStatusTable(report, colours),
  );
  return 0;
}
