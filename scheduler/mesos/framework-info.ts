/** How the framework introduces itself to Mesos. */
import type { FrameworkInfo } from '../../protocol/mesos/framework.ts';
import type { OfferConstraints } from '../../protocol/mesos/offer-constraints.ts';
import type { SchedulerCall } from '../../protocol/mesos/scheduler.ts';
import type { FrameworkOptions } from '../scheduler-options.ts';

/** Mesos 1.4 knows all of them. */
const CAPABILITIES = ['MULTI_ROLE', 'PARTITION_AWARE', 'TASK_KILLING_STATE', 'RESERVATION_REFINEMENT'];

/** What changes while a framework runs. */
export interface FrameworkFacts {
  readonly webUrl?: string | undefined;
  /** What masters from 1.11 on need not offer; older ones ignore it. */
  readonly offerConstraints?: OfferConstraints | undefined;
  /** Roles for which nothing is to be offered now: Mesos takes each list for the whole truth, an absent one for none. */
  readonly suppressedRoles?: readonly string[] | undefined;
}

function toLabels(labels: Readonly<Record<string, string>>) {
  return { labels: Object.entries(labels).map(([key, value]) => ({ key, value })) };
}

export function toFrameworkInfo(
  framework: FrameworkOptions,
  frameworkId: string | undefined,
  webUrl: string | undefined,
): FrameworkInfo {
  const { user, name, roles, principal, hostname, labels, failoverTimeoutSeconds } = framework;
  const url = framework.webUrl ?? webUrl;
  const capabilities = [...CAPABILITIES, ...(framework.capabilities ?? [])];
  return {
    user,
    name,
    ...(frameworkId !== undefined && { id: { value: frameworkId } }),
    failover_timeout: failoverTimeoutSeconds,
    checkpoint: true,
    roles: [...new Set(roles)],
    ...(principal !== undefined && { principal }),
    ...(hostname !== undefined && { hostname }),
    ...(url !== undefined && { webui_url: url }),
    ...(labels !== undefined && { labels: toLabels(labels) }),
    capabilities: [...new Set(capabilities)].map((type) => ({ type })),
  };
}

/** What SUBSCRIBE and UPDATE_FRAMEWORK have in common. */
export function toIntroduction(
  framework: FrameworkOptions,
  frameworkId: string | undefined,
  { webUrl, offerConstraints, suppressedRoles = [] }: FrameworkFacts,
) {
  return {
    framework_info: toFrameworkInfo(framework, frameworkId, webUrl),
    ...(suppressedRoles.length > 0 && { suppressed_roles: suppressedRoles }),
    ...(offerConstraints !== undefined && { offer_constraints: offerConstraints }),
  };
}

/** Both ids are needed and must be equal when a framework comes back. */
export function toSubscription(
  framework: FrameworkOptions,
  frameworkId: string | undefined,
  facts: FrameworkFacts,
): SchedulerCall {
  return {
    type: 'SUBSCRIBE',
    ...(frameworkId !== undefined && { framework_id: { value: frameworkId } }),
    subscribe: toIntroduction(framework, frameworkId, facts),
  };
}

/** For a framework of which nothing changes but its page. */
export function toSubscribeCall(
  framework: FrameworkOptions,
  frameworkId: string | undefined,
  webUrl: string | undefined,
): SchedulerCall {
  return toSubscription(framework, frameworkId, { webUrl });
}
