/** The judge of a component with a placement rule is told where the component's instances are when a round begins. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import { type HostFacts, toHostFacts } from '../constraints/host-facts.ts';
import { PlacementJudge } from '../constraints/placement-judge.ts';
import type { EngineState } from '../engine-state.ts';
import type { InstanceRecord } from '../instance.ts';
import { type Demand, listInstances } from '../plan.ts';
import type { ComponentSpec } from '../service-spec.ts';
import { isBoundByVolumes } from '../volumes/volume-claim.ts';

export interface JudgeSources {
  readonly state: EngineState;
  readonly offers: readonly Offer[];
  readonly demand: Demand;
}

/** It can go to no other place than the one where its state lies. */
export function isReturning(component: ComponentSpec, instance: InstanceRecord): boolean {
  if (isBoundByVolumes(instance)) return true;
  return component.pinned && component.volumes === undefined && instance.hostname !== undefined;
}

/** What was known of its host when its last task was launched, or else is known by the host's offers. */
function factsOf(instance: InstanceRecord, offers: readonly Offer[]): HostFacts {
  const { task, hostFacts, hostname = task?.hostname ?? '' } = instance;
  const known = task?.facts ?? hostFacts;
  if (known !== undefined) return known;
  const offer = offers.find((candidate) => candidate.hostname === hostname);
  return offer === undefined ? { hostname, attributes: [] } : toHostFacts(offer);
}

/** An instance whose state lies on a host keeps its place there while it is away; another one's place is free by then. */
function listPlaced(component: ComponentSpec, { state, offers, demand }: JudgeSources): HostFacts[] {
  const placeable = new Set(demand.placeable);
  return listInstances(state.instances, component.name)
    .filter(
      (instance) =>
        isReturning(component, instance) || (instance.task !== undefined && !placeable.has(instance)),
    )
    .map((instance) => factsOf(instance, offers));
}

/** Undefined for a component without a rule. */
export function createJudge(component: ComponentSpec, sources: JudgeSources): PlacementJudge | undefined {
  const { name, placement } = component;
  if (placement === undefined) return undefined;
  return new PlacementJudge(placement, name, listPlaced(component, sources));
}
