/** `stevedore status`: what a running scheduler says of itself, once or until it is interrupted. */
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../protocol/errors.ts';
import type { StatusReport } from '../api/status.ts';
import { printReport, readReport } from './api-question.ts';
import { type CommandCall, takeWords } from './operator-command.ts';
import { listChanges } from './status-changes.ts';
import { renderStatusTable } from './status-table.ts';

const INTERVAL_MS = 2000;
/** Home, the rest of the screen is erased: less flicker than a screen that is cleared first. */
const REDRAW = '\u001b[H\u001b[0J';
const CLEAR = '\u001b[2J';

function show(call: CommandCall, report: StatusReport): void {
  printReport(call, report, () => renderStatusTable(report, call.terminal));
}

/** Undefined: a scheduler that restarts, or another that takes over, is back in a moment. */
async function tryRead(call: CommandCall): Promise<StatusReport | undefined> {
  try {
    return await readReport<StatusReport>(call, '/v1/status');
  } catch (error) {
    call.terminal.complain(`${messageOf(error)}\n`);
    return undefined;
  }
}

function showNext(call: CommandCall, before: StatusReport | undefined, report: StatusReport): void {
  const { terminal, values } = call;
  if (values.json === true) return show(call, report);
  if (!terminal.isInteractive)
    return terminal.print(
      listChanges(before, report)
        .map((line) => `${line}\n`)
        .join(''),
    );
  terminal.print(REDRAW);
  show(call, report);
}

async function watch(call: CommandCall): Promise<void> {
  const signal = call.terminal.untilInterrupted();
  let report: StatusReport | undefined = await readReport<StatusReport>(call, '/v1/status');
  if (call.terminal.isInteractive && call.values.json !== true) call.terminal.print(CLEAR);
  showNext(call, undefined, report);
  while (!signal.aborted) {
    await delay(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const next = await tryRead(call);
    if (next !== undefined) showNext(call, report, next);
    report = next ?? report;
  }
}

export async function run(call: CommandCall): Promise<void> {
  takeWords(call, 0);
  if (call.values.watch === true) return await watch(call);
  show(call, await readReport<StatusReport>(call, '/v1/status'));
}
