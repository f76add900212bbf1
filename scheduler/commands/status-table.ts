/** The status report as a table for people. */
import { renderDuration } from '../../protocol/duration.ts';
import type { InstanceStatus, StatusReport } from '../api/status.ts';
import type { InstancePhase } from '../core/instance.ts';

const COLOURS: Readonly<Record<InstancePhase, number>> = {
  ready: 32,
  launching: 36,
  starting: 36,
  waiting: 33,
  killing: 33,
  unreachable: 31,
  refused: 31,
  stopped: 90,
};

const HEADINGS = ['INSTANCE', 'STATE', 'SINCE', 'RESTARTS', 'ADDRESS', 'TASK'];

function paint(text: string, code: number, colours: 'colours' | 'plain'): string {
  return colours === 'plain' ? text : `\u001b[${code}m${text}\u001b[0m`;
}

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

function toNotes(instance: InstanceStatus): string[] {
  const notes: string[] = [];
  if (instance.waiting !== undefined) notes.push(instance.waiting);
  if (instance.phase !== 'ready' && instance.phase !== 'refused' && instance.lastMessage)
    notes.push(`last: ${instance.lastMessage.replaceAll('\n', '\n    ')}`);
  if (instance.oldBundle) notes.push('runs the executor of an earlier bundle');
  if (instance.webUrl !== undefined) notes.push(instance.webUrl);
  return notes.map((note) => `  ${note}`);
}

/** Ends with a newline. */
export function renderStatusTable(report: StatusReport, colours: 'colours' | 'plain'): string {
  const head = `${report.service} '${report.cluster}': ${report.phase}`;
  const link = report.connected ? `connected to ${report.master}` : 'not connected to a Mesos master';
  const rows = report.instances.map((instance) => toCells(instance, report.nowMs));
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] as string).length)),
  );
  const align = (cells: readonly string[]) =>
    cells.map((cell, column) => cell.padEnd(widths[column] as number));
  const lines = report.instances.flatMap((instance, index) => {
    const cells = align(rows[index] as string[]);
    cells[1] = paint(cells[1] as string, COLOURS[instance.phase], colours);
    return [cells.join('  ').trimEnd(), ...toNotes(instance)];
  });
  return [
    head,
    `framework ${report.frameworkId ?? '-'}, ${link}`,
    ...(report.refused ?? []).map((reason) => `the new configuration is refused: ${reason}`),
    '',
    paint(align(HEADINGS).join('  ').trimEnd(), 1, colours),
    ...lines,
    '',
  ].join('\n');
}
