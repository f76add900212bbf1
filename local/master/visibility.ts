/** What a framework is shown of an agent, by its capabilities, its offer constraints and its offer filters. */
import type { FrameworkInfo } from '../../protocol/mesos/framework.ts';
import type { Resource } from '../../protocol/mesos/resource.ts';
import { totalMilli } from '../../protocol/resources.ts';
import { isWorthOffering } from './allocation.ts';
import type { MasterOptions } from './master-info.ts';
import { isExcluded } from './offer-constraints.ts';
import { type AgentRecord, type FrameworkRecord, hasCapability } from './records.ts';

function regionOf(domain: AgentRecord['info']['domain']): string | undefined {
  return domain?.fault_domain?.region.name;
}

/** In a region that is not the master's. */
function isRemote(agent: AgentRecord, options: MasterOptions): boolean {
  const [own, other] = [regionOf(options.domain), regionOf(agent.info.domain)];
  return own !== undefined && other !== undefined && own !== other;
}

function isHidden(
  framework: FrameworkRecord,
  role: string,
  agent: AgentRecord,
  options: MasterOptions,
): boolean {
  const has = (type: string): boolean => hasCapability(framework.info, type);
  if (!has('GPU_RESOURCES') && totalMilli(agent.total, 'gpus') > 0) return true;
  if (!has('REGION_AWARE') && isRemote(agent, options)) return true;
  return isExcluded(framework.constraints, role, agent.info);
}

/** The part that the framework may be offered; nothing of an agent that is hidden from it. */
export function visibleTo(
  framework: FrameworkRecord,
  role: string,
  options: MasterOptions,
): (agent: AgentRecord, resources: readonly Resource[]) => readonly Resource[] {
  const refined = hasCapability(framework.info, 'RESERVATION_REFINEMENT');
  return (agent, resources) => {
    if (isHidden(framework, role, agent, options)) return [];
    return refined ? resources : resources.filter(({ reservations }) => (reservations?.length ?? 0) < 2);
  };
}

/** The framework's own least for the role, else the master's. */
export function allocatableFor(
  info: FrameworkInfo,
  role: string,
): (resources: readonly Resource[]) => boolean {
  const least = info.offer_filters?.[role]?.min_allocatable_resources?.quantities;
  if (least === undefined) return isWorthOffering;
  return (resources) =>
    least.length === 0 ||
    least.some(({ quantities = {} }) =>
      Object.entries(quantities).every(
        ([name, { value }]) => totalMilli(resources, name) >= Math.round(value * 1000),
      ),
    );
}
