/** What is different between two status reports, one line each: for those who watch without a terminal. Pure. */
import type { InstanceStatus, StatusReport } from '../api/status.ts';
import { toPlainText } from './paint.ts';

function describe({ name, phase, host, taskId, waiting }: InstanceStatus): string {
  const where = host === undefined ? [] : [host];
  const why = waiting === undefined ? [] : [toPlainText(waiting)];
  return [name, phase, ...where, ...(taskId === undefined ? [] : [taskId]), ...why].join(' ');
}

function isSame(a: InstanceStatus | undefined, b: InstanceStatus): boolean {
  return a?.phase === b.phase && a.taskId === b.taskId;
}

/** All of it when there was no report before. */
export function listChanges(before: StatusReport | undefined, report: StatusReport): string[] {
  const former = new Map(before?.instances.map((instance) => [instance.name, instance]));
  const changed = report.instances.filter((instance) => !isSame(former.get(instance.name), instance));
  const present = new Set(report.instances.map(({ name }) => name));
  const gone = [...former.keys()].filter((name) => !present.has(name));
  const phase =
    before?.phase === report.phase ? [] : [`${report.service} '${report.cluster}': ${report.phase}`];
  return [...phase, ...changed.map(describe), ...gone.map((name) => `${name} is gone`)];
}
