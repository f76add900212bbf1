/** `stevedore plan`: shows the plan, halts it, goes on with it, or goes back. */
import type { PlanReport } from '../core/rollout/plan-report.ts';
import { printReport, readReport } from './api-question.ts';
import { misuse } from './command-flags.ts';
import { type CommandCall, takeWords } from './operator-command.ts';
import { giveOrder } from './order-command.ts';
import { PLAN_ORDERS } from './order.ts';
import { renderPlan } from './plan-table.ts';

const VERBS = ['pause', 'resume', 'rollback'] as const;

export async function run(call: CommandCall): Promise<void> {
  takeWords(call, 0);
  const [verb, another] = VERBS.filter((name) => call.values[name] === true);
  if (another !== undefined) throw misuse(`either --${verb} or --${another}, not both`, call.usage);
  if (verb !== undefined) return await giveOrder(call, PLAN_ORDERS[verb]);
  const report = await readReport<PlanReport>(call, '/v1/plan');
  printReport(call, report, () => renderPlan(report, call.terminal));
}
