/** One judge for each component with a placement rule, told where the component's instances are when a round begins. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import { type HostFacts, toHostFacts } from '../constraints/host-facts.ts';
import { PlacementJudge } from '../constraints/placement-judge.ts';
import type { EngineState } from '../engine-state.ts';
import type { InstanceRecord } from '../instance.ts';
import { type Demand, listInstances } from '../plan.ts';
import type { ComponentSpec } from '../service-spec.ts';

export interface JudgeSources {
  readonly state: EngineState;
  readonly offers: readonly Offer[];
  readonly demand: Demand;
}

/** An instance whose state lies on a host keeps its place there while it is away; another one's place is free by then. */
function keepsPlace(component: ComponentSpec, instance: InstanceRecord, { demand }: JudgeSources): boolean {
  if (component.pinned) return instance.hostname !== undefined;
  return instance.task !== undefined && !demand.placeable.includes(instance);
}

/** Attributes of a host without a task of the instance are known as long as it makes offers. */
function factsOf({ task, hostname = '' }: InstanceRecord, offers: readonly Offer[]): HostFacts {
  if (task?.facts !== undefined) return task.facts;
  const offer = offers.find((candidate) => candidate.hostname === hostname);
  return offer === undefined ? { hostname, attributes: [] } : toHostFacts(offer);
}

export function createJudges(sources: JudgeSources): Map<string, PlacementJudge> {
  const { spec } = sources.state.settings;
  const judges = new Map<string, PlacementJudge>();
  for (const component of spec.components) {
    if (component.placement === undefined) continue;
    const placed = listInstances(sources.state.instances, component.name)
      .filter((instance) => keepsPlace(component, instance, sources))
      .map((instance) => factsOf(instance, sources.offers));
    judges.set(component.name, new PlacementJudge(component.placement, component.name, placed));
  }
  return judges;
}
