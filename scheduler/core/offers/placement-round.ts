/** What one batch of offers is used with, and what each instance asks of an offer in it. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import type { PlacementJudge } from '../constraints/placement-judge.ts';
import type { Draft } from '../draft.ts';
import { HostRefusals } from '../failures/host-refusals.ts';
import type { InstanceRecord } from '../instance.ts';
import { type Demand, type Instances, listInstances, listPeers } from '../plan.ts';
import type { ComponentSpec, PeerAddress } from '../service-spec.ts';
import { createUnique } from '../volumes/ledger.ts';
import { isBoundByVolumes, toVolumeClaim } from '../volumes/volume-claim.ts';
import type { Evaluation, PlacementRequest } from './offer-evaluator.ts';
import { OfferPool } from './offer-pool.ts';
import { createJudges, isReturning } from './placement-judges.ts';

/** What does not change during a step, so that it is found once. */
export interface Round {
  readonly draft: Draft;
  readonly pool: OfferPool;
  readonly peers: Readonly<Record<string, readonly PeerAddress[]>>;
  readonly avoidedPorts: ReadonlySet<number>;
  readonly refusals: HostRefusals;
  /** Of hosts without an instance of a component that wants one on each. */
  readonly openRefusals: Map<string, readonly Evaluation[]>;
  /** Which instance has a host, by component. */
  readonly holders: ReadonlyMap<string, Map<string, string>>;
  /** Placement rules of the components that have one. */
  readonly judges: ReadonlyMap<string, PlacementJudge>;
}

function toBoundHost(component: ComponentSpec, instance: InstanceRecord): PlacementRequest['boundHost'] {
  if (instance.hostname === undefined || isBoundByVolumes(instance)) return undefined;
  if (component.pinned && component.volumes === undefined)
    return { hostname: instance.hostname, reason: 'its state lies there' };
  if (component.count === 'every-agent')
    return { hostname: instance.hostname, reason: 'one on every agent, this one is of that host' };
  return undefined;
}

/** A host to which an instance must come back is taken also while that one is away. */
function findHolders(component: ComponentSpec, instances: Instances): Map<string, string> {
  const isBound = component.pinned || component.count === 'every-agent';
  const holders = new Map<string, string>();
  for (const instance of listInstances(instances, component.name)) {
    const { name, hostname, task } = instance;
    const isHolding = isBound || task !== undefined || isBoundByVolumes(instance);
    if (hostname !== undefined && isHolding) holders.set(hostname, name);
  }
  return holders;
}

export function toRequest(
  round: Round,
  component: ComponentSpec,
  instance: InstanceRecord,
): PlacementRequest {
  const boundHost = toBoundHost(component, instance);
  const isBound = boundHost !== undefined || isBoundByVolumes(instance);
  const claim = toVolumeClaim(round.draft.state, component, instance);
  const holderOf = (hostname: string) => round.holders.get(component.name)?.get(hostname) ?? instance.name;
  return {
    instance: instance.name,
    component,
    role: component.role ?? round.draft.state.settings.roles[0],
    boundHost,
    judgeHost: isBound ? round.refusals.judgeBound : round.refusals.judgeFree(component),
    leftHost: instance.leaving,
    takenHosts: { has: (hostname) => holderOf(hostname) !== instance.name },
    judge: round.judges.get(component.name),
    arrival: isReturning(component, instance) ? 'returning' : 'new',
    keptPorts: instance.ports,
    avoidedPorts: round.avoidedPorts,
    claim: claim && { ...claim, unique: createUnique(round.draft) },
  };
}

export function createRound(draft: Draft, offers: readonly Offer[], demand: Demand): Round {
  const { settings, instances } = draft.state;
  const { components } = settings.spec;
  return {
    draft,
    pool: new OfferPool(offers, instances),
    refusals: new HostRefusals(draft.state, draft.nowMs),
    openRefusals: new Map(),
    peers: Object.fromEntries(components.map(({ name }) => [name, listPeers(instances, name)])),
    avoidedPorts: new Set(components.flatMap(({ ports }) => ports.map(({ preferred }) => preferred))),
    holders: new Map(components.map((component) => [component.name, findHolders(component, instances)])),
    judges: createJudges({ state: draft.state, offers, demand }),
  };
}
