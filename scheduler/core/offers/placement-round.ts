/** What one batch of offers is used with, and what each instance asks of an offer in it. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import { roleOf } from '../components.ts';
import type { PlacementJudge } from '../constraints/placement-judge.ts';
import type { Draft } from '../draft.ts';
import { HostRefusals } from '../failures/host-refusals.ts';
import type { InstanceRecord } from '../instance.ts';
import { type Demand, type Instances, listInstances, listPeers, renderUpstream } from '../plan.ts';
import type { ComponentSpec, PeerAddress } from '../service-spec.ts';
import { createUnique } from '../volumes/ledger.ts';
import { isBoundByVolumes, toVolumeClaim } from '../volumes/volume-claim.ts';
import type { Evaluation, PlacementRequest } from './offer-evaluator.ts';
import { OfferPool } from './offer-pool.ts';
import { createJudge, isReturning } from './placement-judges.ts';

/**
 * What does not change during a step, so that it is found once; and only if it is asked for, since most rounds of a service
 * that runs place nothing.
 */
export interface Round {
  readonly draft: Draft;
  readonly pool: OfferPool;
  readonly listPeers: () => Readonly<Record<string, readonly PeerAddress[]>>;
  /** Addresses that a launch of the component is rendered with; no launch changes who is ready. */
  readonly upstreamOf: (component: ComponentSpec) => string;
  readonly avoidedPorts: ReadonlySet<number>;
  readonly refusals: HostRefusals;
  /** Of hosts without an instance of a component that wants one on each. */
  readonly openRefusals: Map<string, readonly Evaluation[]>;
  /** Which instance of the component has a host; launches of the round are added. */
  readonly holdersOf: (component: ComponentSpec) => Map<string, string>;
  /** Undefined for a component without a placement rule. */
  readonly judgeOf: (component: ComponentSpec) => PlacementJudge | undefined;
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
  const holderOf = (hostname: string) => round.holdersOf(component).get(hostname) ?? instance.name;
  return {
    instance: instance.name,
    component,
    role: roleOf(round.draft.state.settings, component),
    boundHost,
    judgeHost: isBound ? round.refusals.judgeBound : round.refusals.judgeFree(component),
    leftHost: instance.leaving,
    takenHosts: { has: (hostname) => holderOf(hostname) !== instance.name },
    judge: round.judgeOf(component),
    arrival: isReturning(component, instance) ? 'returning' : 'new',
    keptPorts: instance.ports,
    avoidedPorts: round.avoidedPorts,
    claim: claim && { ...claim, unique: createUnique(round.draft) },
  };
}

/** By component; kept for the round. */
function once<Found>(find: (component: ComponentSpec) => Found): (component: ComponentSpec) => Found {
  const known = new Map<string, { readonly found: Found }>();
  return (component) => {
    const entry = known.get(component.name) ?? { found: find(component) };
    known.set(component.name, entry);
    return entry.found;
  };
}

function createPeers(components: readonly ComponentSpec[], instances: Instances): Round['listPeers'] {
  let peers: ReturnType<Round['listPeers']> | undefined;
  return () => {
    peers ??= Object.fromEntries(components.map(({ name }) => [name, listPeers(instances, name)]));
    return peers;
  };
}

export function createRound(draft: Draft, offers: readonly Offer[], demand: Demand): Round {
  // As they are before the round, also when they are looked at in the midst of it.
  const { state } = draft;
  const { components } = state.settings.spec;
  return {
    draft,
    pool: new OfferPool(offers, state.instances),
    refusals: new HostRefusals(state, draft.nowMs),
    openRefusals: new Map(),
    listPeers: createPeers(components, state.instances),
    upstreamOf: once((component) => renderUpstream(state.settings.spec, component, state.instances)),
    avoidedPorts: new Set(components.flatMap(({ ports }) => ports.map(({ preferred }) => preferred))),
    holdersOf: once((component) => findHolders(component, state.instances)),
    judgeOf: once((component) => createJudge(component, { state, offers, demand })),
  };
}
