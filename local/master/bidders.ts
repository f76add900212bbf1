/** Who takes part in a round of allocation: every role that a connected framework has not suppressed. */
import type { Resource } from '../../protocol/mesos/resource.ts';
import { type Bidder, dominantShare } from './allocation.ts';
import type { Master } from './master.ts';
import type { AgentRecord, FrameworkRecord } from './records.ts';
import { allocatableFor, visibleTo } from './visibility.ts';

type Held = readonly Resource[];

/** By tasks, by executors and in offers. */
function heldBy(master: Master, framework: FrameworkRecord): Held {
  const offered = master.offersOf({ frameworkId: framework.id }).flatMap((offer) => offer.allocated);
  return [...master.usedBy(framework), ...offered];
}

function inRole(held: Held, role: string): Held {
  return held.filter(({ allocation_info }) => allocation_info?.role === role);
}

export function biddersOf(master: Master, connected: readonly FrameworkRecord[]): Bidder[] {
  const total = [...master.agents.values()].flatMap((agent) => agent.total);
  const held = new Map(connected.map((framework) => [framework.id, heldBy(master, framework)]));
  const all = [...held.values()].flat();
  return connected.flatMap((framework) =>
    framework.roles
      .filter((role) => !framework.suppressed.has(role))
      .map((role): Bidder => {
        const visible = visibleTo(framework, role, master.options);
        return {
          frameworkId: framework.id,
          role,
          filters: framework.filters,
          share: dominantShare(inRole(held.get(framework.id) ?? [], role), total),
          roleShare: dominantShare(inRole(all, role), total),
          visible: (id, resources) => visible(master.agents.get(id) as AgentRecord, resources),
          isAllocatable: allocatableFor(framework.info, role),
        };
      }),
  );
}
