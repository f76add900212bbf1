/** How the framework introduces itself to Mesos. */
import type { FrameworkInfo } from '../../protocol/mesos/framework.ts';
import type { SchedulerCall } from '../../protocol/mesos/scheduler.ts';
import type { FrameworkOptions } from '../scheduler-options.ts';

/** Mesos 1.4 knows all of them. */
const CAPABILITIES = ['MULTI_ROLE', 'PARTITION_AWARE', 'TASK_KILLING_STATE', 'RESERVATION_REFINEMENT'];

function toFrameworkInfo(
  framework: FrameworkOptions,
  frameworkId: string | undefined,
  webUrl: string | undefined,
): FrameworkInfo {
  const { user, name, roles, principal, failoverTimeoutSeconds } = framework;
  return {
    user,
    name,
    ...(frameworkId !== undefined && { id: { value: frameworkId } }),
    failover_timeout: failoverTimeoutSeconds,
    checkpoint: true,
    roles,
    ...(principal !== undefined && { principal }),
    ...(webUrl !== undefined && { webui_url: webUrl }),
    capabilities: CAPABILITIES.map((type) => ({ type })),
  };
}

/** Both ids are needed and must be equal when a framework comes back. */
export function toSubscribeCall(
  framework: FrameworkOptions,
  frameworkId: string | undefined,
  webUrl: string | undefined,
): SchedulerCall {
  return {
    type: 'SUBSCRIBE',
    ...(frameworkId !== undefined && { framework_id: { value: frameworkId } }),
    subscribe: { framework_info: toFrameworkInfo(framework, frameworkId, webUrl) },
  };
}
