/** The status report as a table for people. */
import { renderDuration } from '../../protocol/duration.ts';
import type { InstanceStatus, StatusReport } from '../api/status.ts';
import type { InstancePhase } from '../core/instance.ts';
import { CYAN, GREEN, GREY, RED, YELLOW, toPlainText } from './paint.ts';
import { type Column, type Row, type View, renderTable } from './text-table.ts';

const COLOURS: Readonly<Record<InstancePhase, number>> = {
  ready: GREEN,
  launching: CYAN,
  starting: CYAN,
  waiting: YELLOW,
  killing: YELLOW,
  unreachable: RED,
  refused: RED,
  stopped: GREY,
};

const COLUMNS: readonly Column[] = [
  { heading: 'INSTANCE' },
  { heading: 'STATE' },
  { heading: 'SINCE' },
  { heading: 'RESTARTS', isOptional: true },
  { heading: 'ADDRESS' },
  { heading: 'TASK', isOptional: true },
];
const STATE = 1;
/** Of the lines that the executor adds to a message. */
const LOG_HEADING = /\.? Last lines:$/;

function toCells(instance: InstanceStatus, nowMs: number): string[] {
  const ports = Object.entries(instance.ports).map(([name, port]) => `${name}=${port}`);
  return [
    instance.name,
    instance.phase,
    renderDuration(Math.max(0, nowMs - instance.sinceMs)),
    String(instance.restarts),
    instance.host === undefined ? '-' : `${instance.host} ${ports.join(' ')}`.trim(),
    instance.taskId ?? '-',
  ];
}

/** What it said last: all of it, or the log that it added, where the reason to wait holds its first sentence. */
function describeLast({ phase, waiting = '', lastMessage = '' }: InstanceStatus): string[] {
  if (phase === 'ready' || phase === 'refused' || lastMessage === '') return [];
  const [first = '', ...log] = lastMessage.split('\n');
  const isSaid = waiting.includes(first.replace(LOG_HEADING, ''));
  if (isSaid && log.length === 0) return [];
  return [[isSaid ? 'last lines:' : `last: ${first}`, ...log].join('\n  ')];
}

function toNotes(instance: InstanceStatus): string[] {
  const notes: string[] = [];
  if (instance.waiting !== undefined) notes.push(instance.waiting);
  notes.push(...describeLast(instance));
  if (instance.oldBundle) notes.push('runs the executor of an earlier bundle');
  if (instance.webUrl !== undefined) notes.push(instance.webUrl);
  return notes.map(toPlainText);
}

function toRow(instance: InstanceStatus, nowMs: number): Row {
  return {
    cells: toCells(instance, nowMs),
    colours: { [STATE]: COLOURS[instance.phase] },
    notes: toNotes(instance),
  };
}

/** Ends with a newline. */
export function renderStatusTable(report: StatusReport, view: View): string {
  const { service, cluster, phase, nowMs, frameworkId } = report;
  const link = report.connected ? `connected to ${report.master}` : 'not connected to a Mesos master';
  const rows = report.instances.map((instance) => toRow(instance, nowMs));
  return [
    `${service} '${cluster}': ${phase}`,
    `framework ${frameworkId ?? '-'}, ${link}`,
    ...(report.refused ?? []).map((reason) => `the new configuration is refused: ${toPlainText(reason)}`),
    '',
    ...renderTable(COLUMNS, rows, view),
    '',
  ].join('\n');
}
