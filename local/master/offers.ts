/** Offers as they go over the wire. */
import type { Offer, Unavailability, Url } from '../../protocol/mesos/framework.ts';
import { downgradeResource } from '../legacy-resources.ts';
import type { Allocation } from './allocation.ts';
import { type AgentRecord, type FrameworkRecord, hasCapability } from './records.ts';
import { allocateTo, orderOffered, unallocated } from './role-resources.ts';

export function urlOf(agent: AgentRecord): Url {
  return { scheme: 'http', address: agent.address, path: '/slave(1)' };
}

export function renderOffer(
  id: string,
  agent: AgentRecord,
  allocation: Allocation,
  unavailability: Unavailability | undefined,
): Offer {
  const { agentId, frameworkId, role, resources } = allocation;
  const executors = [...agent.executors.values()].filter((executor) => executor.frameworkId === frameworkId);
  return {
    id: { value: id },
    framework_id: { value: frameworkId },
    agent_id: { value: agentId },
    hostname: agent.info.hostname,
    url: urlOf(agent),
    ...(agent.info.domain === undefined ? {} : { domain: agent.info.domain }),
    resources: allocateTo(orderOffered(resources), role),
    attributes: agent.info.attributes ?? [],
    executor_ids: executors.map((executor) => executor.info.executor_id).reverse(),
    allocation_info: { role },
    ...(unavailability === undefined ? {} : { unavailability }),
  };
}

/** Without MULTI_ROLE the role is known from the resources alone; without RESERVATION_REFINEMENT these are in the old form. */
export function asSeenBy(framework: FrameworkRecord, offer: Offer): Offer {
  const { allocation_info: _allocation, ...single } = offer;
  const multiRole = hasCapability(framework.info, 'MULTI_ROLE');
  const visible = multiRole ? (offer.resources ?? []) : unallocated(offer.resources);
  const refined = hasCapability(framework.info, 'RESERVATION_REFINEMENT');
  const resources = refined ? visible : visible.map(downgradeResource);
  return { ...(multiRole ? offer : single), resources };
}
