/** Uses a batch of offers: places what waits, accepts with it, declines the rest. Every offer is answered in this step. */
import { messageOf } from '../../protocol/errors.ts';
import type { Offer } from '../../protocol/mesos/framework.ts';
import { subtractResources } from '../../protocol/resources.ts';
import type { Draft } from './draft.ts';
import type { PlannedLaunch } from './engine-effects.ts';
import { type InstanceRecord, createInstance, nameOpenSlot } from './instance.ts';
import { type Evaluation, type Placement, type PlacementRequest, evaluateOffer } from './offer-evaluator.ts';
import { toRefuseSeconds } from './offer-demand.ts';
import { listInstances, listPeers, planDemand, renderUpstream } from './plan.ts';
import type { ComponentSpec, PeerAddress, PlacedInstance, ServiceLaunch } from './service-spec.ts';

const MAX_EVALUATIONS = 20;

/** Offers of this step with what is left of each. */
interface OfferPool {
  readonly offers: Map<string, Offer>;
  readonly launches: Map<string, PlannedLaunch[]>;
}

function toBoundHost(component: ComponentSpec, instance: InstanceRecord): PlacementRequest['boundHost'] {
  if (instance.hostname === undefined) return undefined;
  if (component.pinned) return { hostname: instance.hostname, reason: 'its state lies there' };
  if (component.count === 'every-agent')
    return { hostname: instance.hostname, reason: 'one on every agent, this one is of that host' };
  return undefined;
}

function toRequest(draft: Draft, component: ComponentSpec, instance: InstanceRecord): PlacementRequest {
  const { settings, instances } = draft.state;
  const others = listInstances(instances, component.name).filter((other) => other.name !== instance.name);
  // A host to which another one must come back is taken also while that one is away.
  const isBound = component.pinned || component.count === 'every-agent';
  const holds = (other: InstanceRecord) => isBound || other.task !== undefined;
  return {
    instance: instance.name,
    component,
    role: settings.role,
    boundHost: toBoundHost(component, instance),
    takenHosts: new Set(others.filter(holds).flatMap(({ hostname }) => hostname ?? [])),
    keptPorts: instance.ports,
    avoidedPorts: new Set(
      settings.spec.components.flatMap((each) => each.ports.map((port) => port.preferred)),
    ),
  };
}

function noteEvaluations(draft: Draft, key: string, evaluations: readonly Evaluation[]): void {
  const fresh = evaluations.map((evaluation) => ({ ...evaluation, atMs: draft.nowMs }));
  const agents = new Set(evaluations.map((evaluation) => evaluation.agentId));
  const old = (draft.state.evaluations[key] ?? []).filter((evaluation) => !agents.has(evaluation.agentId));
  const kept = [...fresh, ...old].slice(0, MAX_EVALUATIONS);
  draft.state = { ...draft.state, evaluations: { ...draft.state.evaluations, [key]: kept } };
}

/** Back where it was if possible, else where the fewest of ours are. */
function selectBest(
  draft: Draft,
  instance: InstanceRecord,
  fitting: readonly Evaluation[],
): Evaluation | undefined {
  const load = (hostname: string) =>
    Object.values(draft.state.instances).filter(
      (other) => other.task !== undefined && other.hostname === hostname,
    ).length;
  const rank = (evaluation: Evaluation) =>
    evaluation.hostname === instance.hostname ? -1 : load(evaluation.hostname);
  return fitting.toSorted((a, b) => rank(a) - rank(b))[0];
}

function createTaskId(draft: Draft, instance: string): string {
  const random = Math.floor(draft.moment.chance() * 36 ** 6)
    .toString(36)
    .padStart(6, '0');
  return `${draft.state.settings.spec.cluster}.${instance}.${draft.nowMs.toString(36)}${random}`;
}

function listAllPeers(draft: Draft): Record<string, PeerAddress[]> {
  const { spec } = draft.state.settings;
  return Object.fromEntries(
    spec.components.map(({ name }) => [name, listPeers(draft.state.instances, name)]),
  );
}

function toPlaced(
  draft: Draft,
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
    peers: listAllPeers(draft),
    formatted: instance.hostname === offer.hostname ? instance.formatted : [],
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

function launchOn(
  draft: Draft,
  pool: OfferPool,
  chosen: {
    component: ComponentSpec;
    instance: InstanceRecord;
    evaluation: Evaluation;
    placement: Placement;
  },
): void {
  const { component, instance, evaluation, placement } = chosen;
  const offer = pool.offers.get(evaluation.offerId) as Offer;
  const placed = toPlaced(draft, instance, offer, placement);
  // A slot keeps its host also when the launch is refused, so that the host gets no second one.
  draft.put(component.count === 'every-agent' ? { ...instance, hostname: offer.hostname } : instance);
  const launch = renderService(draft, component, placed);
  if (launch === undefined) return;
  const { agentId, hostname } = evaluation;
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
  };
  draft.apply(instance.name, { kind: 'launched', task, ports: placement.ports });
  const rest = subtractResources(offer.resources ?? [], [...placement.task, ...placement.executor]);
  pool.offers.set(evaluation.offerId, { ...offer, resources: rest });
  const launches = pool.launches.get(evaluation.offerId) ?? [];
  pool.launches.set(evaluation.offerId, [...launches, { component, agentId, placement, placed, launch }]);
}

function placeInstance(draft: Draft, pool: OfferPool, instance: InstanceRecord): void {
  const component = draft.state.settings.spec.components.find(({ name }) => name === instance.component);
  if (component === undefined) return;
  const request = toRequest(draft, component, instance);
  const evaluations = [...pool.offers.values()].map((offer) => evaluateOffer(request, offer));
  noteEvaluations(draft, instance.name, evaluations);
  const fitting = evaluations.filter((evaluation) => evaluation.placement !== undefined);
  const evaluation = selectBest(draft, instance, fitting);
  if (evaluation?.placement === undefined) return;
  launchOn(draft, pool, { component, instance, evaluation, placement: evaluation.placement });
}

function nextIndex(draft: Draft, component: string): number {
  const taken = new Set(listInstances(draft.state.instances, component).map(({ index }) => index));
  let index = 0;
  while (taken.has(index)) index += 1;
  return index;
}

/** A new instance for each host that has none of this component and whose offer fits. */
function openInstances(draft: Draft, pool: OfferPool, component: ComponentSpec): void {
  const evaluations: Evaluation[] = [];
  for (const offerId of pool.offers.keys()) {
    const instance = createInstance(component.name, nextIndex(draft, component.name), draft.nowMs);
    const request = toRequest(draft, component, instance);
    const evaluation = evaluateOffer(request, pool.offers.get(offerId) as Offer);
    const { placement } = evaluation;
    if (placement !== undefined) launchOn(draft, pool, { component, instance, evaluation, placement });
    else if (!request.takenHosts.has(evaluation.hostname)) evaluations.push(evaluation);
  }
  noteEvaluations(draft, nameOpenSlot(component.name), evaluations);
}

export function answerOffers(draft: Draft, offers: readonly Offer[]): void {
  const pool: OfferPool = {
    offers: new Map(offers.map((offer) => [offer.id.value, offer])),
    launches: new Map(),
  };
  const seen = Object.fromEntries(offers.map((offer) => [offer.hostname, draft.nowMs]));
  draft.state = { ...draft.state, hostsSeenMs: { ...draft.state.hostsSeenMs, ...seen } };
  if (draft.state.mode === 'running') {
    const { placeable, open } = planDemand(draft.state.settings.spec, draft.state.instances, draft.nowMs);
    for (const instance of placeable) placeInstance(draft, pool, instance);
    for (const component of open) openInstances(draft, pool, component);
  }
  const refuseSeconds = toRefuseSeconds(draft.state);
  for (const [offerId, launches] of pool.launches)
    draft.add({ kind: 'accept', offerId, launches, refuseSeconds });
  const offerIds = [...pool.offers.keys()].filter((offerId) => !pool.launches.has(offerId));
  if (offerIds.length > 0) draft.add({ kind: 'decline', offerIds, refuseSeconds });
}
