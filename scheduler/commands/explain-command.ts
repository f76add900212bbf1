/** `stevedore explain`: why instances wait. */
import type { ExplainReport, ExplainedInstance } from '../api/status.ts';
import { printReport, readReport } from './api-question.ts';
import { renderExplain, renderExplained } from './explain-text.ts';
import { type CommandCall, takeWords } from './operator-command.ts';

async function explainAll(call: CommandCall): Promise<void> {
  const report = await readReport<ExplainReport>(call, '/v1/explain');
  printReport(call, report, () => renderExplain(report, call.terminal));
}

export async function run(call: CommandCall): Promise<void> {
  const [name] = takeWords(call, 1);
  if (name === undefined) return await explainAll(call);
  const path = `/v1/explain/${encodeURIComponent(name)}`;
  const explained = await readReport<ExplainedInstance>(call, path);
  printReport(call, explained, () => renderExplained(explained, call.terminal));
}
