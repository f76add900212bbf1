/** The explain report for people. */
import { renderDuration } from '../../protocol/duration.ts';
import type { ExplainReport, ExplainedInstance } from '../api/status.ts';
import type { ExplainedHost } from '../core/explanation/explain-hosts.ts';
import { type FailureRecord, renderFailure } from '../core/failures/failure-record.ts';
import { BOLD, paint, toPlainText } from './paint.ts';
import { type Column, type View, renderTable, wrapText } from './text-table.ts';

const COLUMNS: readonly Column[] = [
  { heading: 'STAGE' },
  { heading: 'REFUSED' },
  { heading: 'ALONE' },
  { heading: 'BEST ON', isOptional: true },
];

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function describeFailure(failure: FailureRecord): string {
  const { atMs, hostname, ranMs, wasReady } = failure;
  const ran = `after ${renderDuration(ranMs)}${wasReady ? ', when it was ready' : ''}`;
  return `failed ${new Date(atMs).toISOString()} on ${hostname} ${ran}`;
}

/** What the one before said, or the crash loop for all of them, is not said again. */
function describeFailures({ failures, crashLoop, waiting }: ExplainedInstance): string[] {
  let said = crashLoop ?? waiting ?? '';
  return failures.map((failure) => {
    const why = renderFailure(failure);
    const isSaid = said.includes(why);
    if (!isSaid) said = why;
    return isSaid ? `${describeFailure(failure)}, as above` : `${describeFailure(failure)}: ${why}`;
  });
}

/** Agents that each stage refused, those that lacked only this, and what the agent lacked that missed by least. */
function renderStages({ stages }: ExplainedInstance, view: View): string[] {
  if (stages.length === 0) return [];
  const rows = stages.map(({ stage, refused, alone, example, best }) => ({
    cells: [stage, String(refused), String(alone), example],
    notes: [toPlainText(best)],
  }));
  return indent(renderTable(COLUMNS, rows, { ...view, columns: view.columns - 2 }));
}

function renderInstance(explained: ExplainedInstance, view: View): string[] {
  const { name, needs, waiting, crashLoop } = explained;
  const wrap = (text: string) => wrapText(toPlainText(text), '  ', view.columns);
  return [
    paint(name, BOLD, view.colours),
    ...wrap(waiting ?? (name.endsWith('-*') ? 'hosts that have none yet' : 'has its task')),
    ...wrap(`needs ${needs.join(', ')}`),
    ...(crashLoop === undefined || waiting?.includes(crashLoop) ? [] : wrap(crashLoop)),
    ...describeFailures(explained).flatMap(wrap),
    ...renderStages(explained, view),
    '',
  ];
}

function renderHosts(hosts: readonly ExplainedHost[], view: View): string[] {
  if (hosts.length === 0) return [];
  const rows = hosts.map(({ hostname, reason, staying }) => ({
    cells: [hostname],
    notes: [reason, ...staying.map((instance) => `still there: ${instance}`)].map(toPlainText),
  }));
  return [...renderTable([{ heading: 'HOSTS THAT ARE NOT USED' }], rows, view), ''];
}

/** Instances that have what they need, and nothing to tell, are counted only. Ends with a newline. */
export function renderExplain(report: ExplainReport, view: View): string {
  const { instances, hosts } = report;
  const told = instances.filter(
    ({ waiting, crashLoop, failures, stages }) =>
      waiting !== undefined || crashLoop !== undefined || failures.length + stages.length > 0,
  );
  const quiet = instances.length - told.length;
  return [
    ...told.flatMap((instance) => renderInstance(instance, view)),
    ...renderHosts(hosts, view),
    ...(quiet === 0 ? [] : [`${quiet} of ${instances.length} have nothing to explain`, '']),
  ].join('\n');
}

/** One, whatever there is to tell of it. Ends with a newline. */
export function renderExplained(instance: ExplainedInstance, view: View): string {
  return renderInstance(instance, view).join('\n');
}
