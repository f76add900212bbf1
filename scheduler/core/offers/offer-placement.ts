/** Uses a batch of offers: places what waits, accepts with it, declines the rest. Every offer is answered in this step. */
import { messageOf } from '../../../protocol/errors.ts';
import type { Offer } from '../../../protocol/mesos/framework.ts';
import type { Draft } from '../draft.ts';
import { toHostFacts } from '../constraints/host-facts.ts';
import type { PlacementJudge } from '../constraints/placement-judge.ts';
import { noteRefusals } from '../explanation/note-refusals.ts';
import { HostRefusals } from '../failures/host-refusals.ts';
import { listPassing } from '../failures/passing-refusals.ts';
import { noteWindows } from '../maintenance/maintenance-window.ts';
import { type InstanceRecord, createInstance, nameOpenSlot } from '../instance.ts';
import { type Evaluation, type Placement, type PlacementRequest, evaluateOffer } from './offer-evaluator.ts';
import { noteOffers } from './offer-demand.ts';
import { respond } from './offer-response.ts';
import { MAX_EVALUATIONS, OfferPool } from './offer-pool.ts';
import { createJudges, isReturning } from './placement-judges.ts';
import {
  type Demand,
  type Instances,
  listInstances,
  listPeers,
  planDemand,
  renderUpstream,
} from '../plan.ts';
import { getTarget } from '../rollout/configuration-version.ts';
import type { ComponentSpec, PeerAddress, PlacedInstance, ServiceLaunch } from '../service-spec.ts';
import { createUnique, markReservations, noteReservation } from '../volumes/ledger.ts';
import { releaseOffered } from '../volumes/release.ts';
import { isBoundByVolumes, toVolumeClaim } from '../volumes/volume-claim.ts';

/** What does not change during a step, so that it is found once. */
interface Round {
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

function toRequest(round: Round, component: ComponentSpec, instance: InstanceRecord): PlacementRequest {
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

function noteEvaluations(draft: Draft, key: string, evaluations: readonly Evaluation[]): void {
  const fresh = evaluations.map((evaluation) => ({ ...evaluation, atMs: draft.nowMs }));
  const agents = new Set(evaluations.map((evaluation) => evaluation.agentId));
  const old = (draft.state.evaluations[key] ?? []).filter((evaluation) => !agents.has(evaluation.agentId));
  const kept = [...fresh, ...old].slice(0, MAX_EVALUATIONS);
  draft.explain(key, kept);
}

function createTaskId(draft: Draft, instance: string): string {
  return `${draft.state.settings.spec.cluster}.${instance}.${createUnique(draft)}`;
}

/** State lies in volumes, or else on the host. */
function keepsState(instance: InstanceRecord, offer: Offer, { reservation }: Placement): boolean {
  return reservation?.keepsState ?? instance.hostname === offer.hostname;
}

function toPlaced(
  { draft, peers }: Round,
  instance: InstanceRecord,
  offer: Offer,
  placement: Placement,
): PlacedInstance {
  const { settings } = draft.state;
  return {
    cluster: settings.spec.cluster,
    instance: instance.name,
    index: instance.index,
    taskId: createTaskId(draft, instance.name),
    agentHostname: offer.hostname,
    host: settings.address === 'ip' ? (offer.url?.address.ip ?? offer.hostname) : offer.hostname,
    ports: placement.ports,
    peers,
    formatted: keepsState(instance, offer, placement) ? instance.formatted : [],
  };
}

function renderService(
  draft: Draft,
  component: ComponentSpec,
  placed: PlacedInstance,
): ServiceLaunch | undefined {
  try {
    return component.launch(placed);
  } catch (error) {
    draft.apply(placed.instance, { kind: 'unlaunchable', message: messageOf(error) });
    return undefined;
  }
}

interface Choice {
  readonly component: ComponentSpec;
  readonly instance: InstanceRecord;
  readonly evaluation: Evaluation;
  readonly placement: Placement;
}

function launchOn(round: Round, { component, instance, evaluation, placement }: Choice): void {
  const { draft, pool } = round;
  const offer = pool.offers.get(evaluation.offerId) as Offer;
  const placed = toPlaced(round, instance, offer, placement);
  // A slot keeps its host also when the launch is refused, so that the host gets no second one.
  draft.put(component.count === 'every-agent' ? { ...instance, hostname: offer.hostname } : instance);
  round.holders.get(component.name)?.set(offer.hostname, instance.name);
  const launch = renderService(draft, component, placed);
  if (launch === undefined) return;
  const { agentId, hostname } = evaluation;
  noteReservation(draft, instance.name, { hostname, reservation: placement.reservation });
  const facts = toHostFacts(offer);
  // One that returns kept its place while it was away.
  if (!isReturning(component, instance)) round.judges.get(component.name)?.note(facts);
  const task = {
    taskId: placed.taskId,
    agentId,
    hostname,
    host: placed.host,
    launchedAtMs: draft.nowMs,
    resources: placement.task,
    executorResources: placement.executor,
    upstream: renderUpstream(draft.state.settings.spec, component, draft.state.instances),
    bundleSha256: draft.state.settings.bundleSha256,
    configuration: getTarget(draft.state.facts.versions)?.components[component.name]?.digest,
    killGraceMs: launch.killGraceMs,
    fetching: round.refusals.noteLaunch(component.name, agentId),
    facts,
  };
  draft.apply(instance.name, { kind: 'launched', task, ports: placement.ports });
  pool.take(evaluation.offerId, { component, agentId, placement, placed, launch });
}

function placeInstance(round: Round, instance: InstanceRecord): void {
  const { draft, pool } = round;
  const component = draft.state.settings.spec.components.find(({ name }) => name === instance.component);
  if (component === undefined) return;
  const { evaluation, refused } = pool.findFit(toRequest(round, component, instance), instance);
  noteEvaluations(draft, instance.name, refused);
  if (evaluation?.placement !== undefined)
    launchOn(round, { component, instance, evaluation, placement: evaluation.placement });
}

/** A new instance for each host that has none of this component and whose offer fits. */
function openInstances(round: Round, component: ComponentSpec): void {
  const { draft, pool, holders } = round;
  const taken = new Set(listInstances(draft.state.instances, component.name).map(({ index }) => index));
  const refused: Evaluation[] = [];
  let index = 0;
  for (const [offerId, offer] of pool.offers) {
    if (holders.get(component.name)?.has(offer.hostname)) continue;
    while (taken.has(index)) index += 1;
    const instance = createInstance(component.name, index, draft.nowMs);
    const evaluation = evaluateOffer(
      toRequest(round, component, instance),
      pool.offers.get(offerId) as Offer,
    );
    const { placement } = evaluation;
    if (placement === undefined) refused.push(evaluation);
    else {
      taken.add(index);
      launchOn(round, { component, instance, evaluation, placement });
    }
  }
  noteEvaluations(draft, nameOpenSlot(component.name), refused);
  round.openRefusals.set(component.name, refused);
}

function createRound(draft: Draft, offers: readonly Offer[], demand: Demand): Round {
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

function listRefused({ openRefusals, pool }: Round, component: string): readonly Evaluation[] {
  return openRefusals.get(component) ?? pool.listRefused(component);
}

export function answerOffers(draft: Draft, offers: readonly Offer[]): void {
  noteOffers(draft, offers);
  draft.state = { ...draft.state, maintenance: noteWindows(draft.state.maintenance, offers) };
  markReservations(draft);
  const releases = releaseOffered(draft, offers);
  const demand = planDemand(draft.state.settings.spec, draft.state.instances, draft.nowMs);
  const round = createRound(draft, offers, demand);
  if (draft.state.mode === 'running') {
    for (const instance of demand.placeable) placeInstance(round, instance);
    for (const component of demand.open) openInstances(round, component);
  }
  draft.state = { ...draft.state, waves: round.refusals.wave.finish() };
  noteRefusals(draft, { offers, demand, listRefused: (name) => listRefused(round, name) });
  const passing = listPassing([...round.openRefusals.values()].flat());
  respond(draft, { offers, launches: round.pool.launches, releases, passing });
}
