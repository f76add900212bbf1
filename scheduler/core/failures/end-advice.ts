/** What an operator can do about an end, where Mesos' reason says it. */
import type { ComponentSpec } from '../service-spec.ts';
import type { FailureRecord } from './failure-record.ts';

const MEMORY_KILL = /\bmemory limit exceeded\b|\bout of memory\b|\boom\b/i;

type Advice = (component: ComponentSpec | undefined) => string;

function adviseOnMemory(component: ComponentSpec | undefined): string {
  const limit = component === undefined ? 'its memory' : `its ${component.resources.memMiB} MiB of memory`;
  return `the container used more than ${limit}: raise the memory of ${component?.name ?? 'the task'}, or lower the heap and off-heap sizes of its JVM`;
}

const ADVICE: Readonly<Record<string, Advice>> = {
  REASON_CONTAINER_LIMITATION_MEMORY: adviseOnMemory,
  REASON_CONTAINER_LIMITATION_DISK: (component) =>
    `the sandbox outgrew its ${component?.resources.diskMiB ?? 0} MiB of disk: raise the disk of ${component?.name ?? 'the task'}, or have it write less log`,
  REASON_CONTAINER_LIMITATION: (component) =>
    `the container outgrew what it was given: raise the resources of ${component?.name ?? 'the task'}`,
  REASON_EXECUTOR_REGISTRATION_TIMEOUT: () =>
    'the agent fetched the executor bundle slower than its --executor_registration_timeout allows (1 minute unless set): raise that, or serve the bundle from a mirror near the agents',
  REASON_CONTAINER_LAUNCH_FAILED: () =>
    "the agent could not set the container up; if the fetch failed, check from that host that the bundle's URL can be reached",
  REASON_EXECUTOR_REREGISTRATION_TIMEOUT: () =>
    'the executor was not back in time after its agent had restarted: raise --executor_reregistration_timeout of the agents (15 s at most)',
  REASON_CONTAINER_UPDATE_FAILED: () => "the agent could not change the container's limits: look at its log",
};

export function adviseOnEnd(
  failure: FailureRecord,
  component: ComponentSpec | undefined,
): string | undefined {
  const advice = ADVICE[failure.reason ?? ''];
  if (advice !== undefined) return advice(component);
  return MEMORY_KILL.test(failure.message ?? '') ? adviseOnMemory(component) : undefined;
}
