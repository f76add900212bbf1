/** Follows the scheduler's status until every instance is ready. */
import { setTimeout as delay } from 'node:timers/promises';
import { renderDuration } from '../../protocol/duration.ts';
import { StevedoreError } from '../../protocol/errors.ts';
import { callApi } from '../../scheduler/api/client.ts';
import type { StatusReport } from '../../scheduler/api/status.ts';
import { type Cluster, workWhileRunning } from './cluster.ts';
import { isReady, renderMissing, renderProgress } from './cluster-progress.ts';
import { logPathOf } from './layout.ts';
import type { StepReport } from './step.ts';

const POLL_MS = 250;
const READY_MS = 240_000;

/** Undefined while the scheduler does not listen yet. */
export async function readStatus({ layout }: Cluster): Promise<StatusReport | undefined> {
  try {
    return await callApi<StatusReport>(layout.stateDirectory, 'GET', '/v1/status');
  } catch {
    return undefined;
  }
}

async function pollUntilReady(cluster: Cluster, report: StepReport, signal: AbortSignal): Promise<string> {
  const deadline = performance.now() + READY_MS;
  for (;;) {
    const status = await readStatus(cluster);
    if (status !== undefined) report(renderProgress(status));
    if (status !== undefined && isReady(status)) return `${status.instances.length} ready`;
    if (performance.now() > deadline) {
      const fields = { duration: renderDuration(READY_MS), waiting: renderMissing(status) };
      throw new StevedoreError('ERR_UP_TIMEOUT', { ...fields, log: logPathOf(cluster.layout, 'framework') });
    }
    await delay(POLL_MS, undefined, { signal });
  }
}

/** @throws StevedoreError ERR_UP_TIMEOUT, ERR_UP_STEP when the scheduler or Mesos ends. */
export async function waitUntilReady(cluster: Cluster, report: StepReport): Promise<string> {
  return await workWhileRunning(cluster, async (signal) => await pollUntilReady(cluster, report, signal));
}
