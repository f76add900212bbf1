/** Labels that the executor puts on its status updates: what was done, how long it took. Public to all who read Mesos' state. */
import type { Labels } from './mesos/resource.ts';

/** Milliseconds that a step took: `stevedore.step.fetch.alluxio`. */
export const STEP_PREFIX = 'stevedore.step.';

/** Comma list of state directories that hold formatted state now. */
export const FORMATTED_LABEL = 'stevedore.formatted';

/** Which ramdisk was set up: `private-shm`, `private-tmpfs`, `shared-shm`, `host`. */
export const RAMDISK_LABEL = 'stevedore.ramdisk';

/** Where the content store of this agent lies. */
export const STORE_LABEL = 'stevedore.store';

/** Protocol version of the executor. */
export const EXECUTOR_VERSION_LABEL = 'stevedore.executor.version';

/** Pid of the service, as the agent's host sees it if it shares the executor's pid namespace. */
export const SERVICE_PID_LABEL = 'stevedore.service.pid';

export function renderLabels(values: Readonly<Record<string, string>>): Labels {
  return { labels: Object.entries(values).map(([key, value]) => ({ key, value })) };
}

/** Labels as a record; a label without a value reads as the empty string. */
export function parseLabels(labels: Labels | undefined): Record<string, string> {
  return Object.fromEntries((labels?.labels ?? []).map((label) => [label.key, label.value ?? '']));
}
