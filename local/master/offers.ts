/** Offers as they go over the wire. */
import type { Offer } from '../../protocol/mesos/framework.ts';
import type { Allocation } from './allocation.ts';
import { type AgentRecord, type FrameworkRecord, hasCapability } from './records.ts';
import { allocateTo, orderOffered, unallocated } from './role-resources.ts';

export function renderOffer(id: string, agent: AgentRecord, allocation: Allocation): Offer {
  const { agentId, frameworkId, role, resources } = allocation;
  const executors = [...agent.executors.values()].filter((executor) => executor.frameworkId === frameworkId);
  return {
    id: { value: id },
    framework_id: { value: frameworkId },
    agent_id: { value: agentId },
    hostname: agent.info.hostname,
    url: { scheme: 'http', address: agent.address, path: '/slave(1)' },
    resources: allocateTo(orderOffered(resources), role),
    attributes: agent.info.attributes ?? [],
    executor_ids: executors.map((executor) => executor.info.executor_id).reverse(),
    allocation_info: { role },
  };
}

/** A framework without MULTI_ROLE knows the role from the resources alone. */
export function asSeenBy(framework: FrameworkRecord, offer: Offer): Offer {
  if (hasCapability(framework.info, 'MULTI_ROLE')) return offer;
  const { allocation_info: _allocation, ...legacy } = offer;
  const resources = unallocated(offer.resources).map((resource) => ({ ...resource, role: '*' }));
  return { ...legacy, resources };
}
