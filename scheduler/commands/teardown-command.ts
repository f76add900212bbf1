/** `stevedore teardown`: ends a cluster, its tasks and its framework, through its running scheduler. */
import { StevedoreError } from '../../protocol/errors.ts';
import { callApi } from '../api/client.ts';
import type { StatusReport, TeardownReport } from '../api/status.ts';
import { printReport, readReport } from './api-question.ts';
import { misuse } from './command-flags.ts';
import { type CommandCall, takeWords } from './operator-command.ts';

/** The scheduler bounds it by itself, well below. */
const TEARDOWN_MS = 180_000;

function isConfirmed({ values }: CommandCall): boolean {
  return values.yes === true;
}

/** @throws StevedoreError ERR_TEARDOWN_UNCONFIRMED: another name was typed */
async function askForName({ terminal }: CommandCall, { cluster, instances }: StatusReport): Promise<void> {
  const count = instances.filter(({ taskId }) => taskId !== undefined).length;
  const typed = await terminal.ask(`This ends ${count} tasks of '${cluster}'. Type its name to go on: `);
  if (typed.trim() !== cluster) throw new StevedoreError('ERR_TEARDOWN_UNCONFIRMED', { cluster });
}

/** Without a terminal only an explicit word will do: `--yes`, or the state directory. */
function refuseUnclear(call: CommandCall): void {
  const { values, terminal, usage } = call;
  if (isConfirmed(call) || terminal.isInteractive || values['state-dir'] !== undefined) return;
  throw misuse('--yes is needed where nobody can be asked', usage);
}

export async function run(call: CommandCall): Promise<void> {
  takeWords(call, 0);
  refuseUnclear(call);
  const status = await readReport<StatusReport>(call, '/v1/status');
  if (!isConfirmed(call) && call.terminal.isInteractive) await askForName(call, status);
  const body = { confirm: status.cluster, keepVolumes: call.values['keep-volumes'] === true };
  const signal = AbortSignal.timeout(TEARDOWN_MS);
  const report = await callApi<TeardownReport>(call.address, 'POST', '/v1/teardown', { body, signal });
  const said = `torn down: framework ${report.frameworkId ?? '(none was registered)'}`;
  printReport(call, report, () => `${said}\n`);
}
