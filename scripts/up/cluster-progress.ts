/** What the scheduler's status means for somebody who waits for the cluster. */
import type { InstanceStatus, StatusReport } from '../../scheduler/api/status.ts';

export function isReady(status: StatusReport): boolean {
  return status.phase === 'complete' && status.instances.length > 0;
}

function describeInstance({ name, phase, host, waiting }: InstanceStatus): string {
  const where = host === undefined ? '' : ` on ${host}`;
  const why = phase === 'waiting' && waiting !== undefined ? ` (${waiting})` : '';
  return `${name} ${phase}${where}${why}`;
}

/** `master-0 ready on 127.0.0.2, worker-0 starting on 127.0.0.3`. */
export function renderProgress(status: StatusReport): string {
  if (!status.connected) return 'subscribing to Mesos';
  return status.instances.map(describeInstance).join(', ');
}

/** Instances that are not ready, for the message when time is up. */
export function renderMissing(status: StatusReport | undefined): string {
  if (status === undefined) return 'the scheduler has not answered yet';
  const missing = status.instances.filter(({ phase }) => phase !== 'ready').map(describeInstance);
  return missing.length === 0 ? 'nothing, but the plan is not complete' : missing.join(', ');
}
