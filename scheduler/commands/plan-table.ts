/** The plan report for people. */
import type { PlanReport, PlanStep, StepStatus, VersionReport } from '../core/rollout/plan-report.ts';
import { CYAN, GREEN, GREY, RED, YELLOW, toPlainText } from './paint.ts';
import { type Column, type Row, type View, renderTable, wrapText } from './text-table.ts';

const COLOURS: Readonly<Record<StepStatus, number>> = {
  complete: GREEN,
  starting: CYAN,
  pending: YELLOW,
  paused: YELLOW,
  blocked: RED,
  failed: RED,
};

const COLUMNS: readonly Column[] = [
  { heading: 'INSTANCE' },
  { heading: 'STATUS' },
  { heading: 'ACTION' },
  { heading: 'COMPONENT', isOptional: true },
  { heading: 'STRATEGY', isOptional: true },
];
const STATUS = 1;

/** As many digits as people compare. */
const DIGITS = 8;

function renderVersion(version: VersionReport | undefined): string {
  if (version === undefined) return 'none';
  return `${version.digest.slice(0, DIGITS)} since ${new Date(version.sinceMs).toISOString()}`;
}

function toRow({ instance, component, status, action, reasons }: PlanStep, { strategy }: PlanReport): Row {
  return {
    cells: [instance, status, action === 'none' ? '-' : action, component, strategy[component] ?? '-'],
    colours: { [STATUS]: status === 'complete' ? GREY : COLOURS[status] },
    notes: reasons.map(toPlainText),
  };
}

function toHead({ phase, version, target, paused, held, refused = [] }: PlanReport): string[] {
  const isSame = version?.digest === target?.digest;
  return [
    `plan: ${phase}${paused && phase !== 'paused' ? ', paused' : ''}`,
    `version ${renderVersion(version)}`,
    ...(isSame ? [] : [`target ${renderVersion(target)}`]),
    ...(held === undefined ? [] : [`held: ${toPlainText(held)}`]),
    ...refused.map((reason) => `the new configuration is not used: ${toPlainText(reason)}`),
  ];
}

/** Ends with a newline. */
export function renderPlan(report: PlanReport, view: View): string {
  const head = toHead(report).flatMap((line) => wrapText(line, '', view.columns));
  const rows = report.steps.map((planned) => toRow(planned, report));
  return [...head, '', ...renderTable(COLUMNS, rows, view), ''].join('\n');
}
