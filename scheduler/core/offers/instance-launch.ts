/** Launches an instance on the offer that fits: the intent goes into its record, the task into the ACCEPT. */
import { messageOf } from '../../../protocol/errors.ts';
import type { Offer } from '../../../protocol/mesos/framework.ts';
import { toHostFacts } from '../constraints/host-facts.ts';
import type { Draft } from '../draft.ts';
import type { InstanceRecord, LaunchedTask } from '../instance.ts';
import { getTarget } from '../rollout/configuration-version.ts';
import type { ComponentSpec, PlacedInstance, ServiceLaunch } from '../service-spec.ts';
import { renderTaskId } from '../tasks/task-id.ts';
import { createUnique, noteReservation } from '../volumes/ledger.ts';
import type { Evaluation, Placement } from './offer-evaluator.ts';
import { isReturning } from './placement-judges.ts';
import type { Round } from './placement-round.ts';

export interface Choice {
  readonly component: ComponentSpec;
  readonly instance: InstanceRecord;
  readonly evaluation: Evaluation;
  readonly placement: Placement;
}

function createTaskId(draft: Draft, instance: string): string {
  return renderTaskId(draft.state.settings.spec.cluster, instance, createUnique(draft));
}

/** State lies in volumes, or else on the host. */
function keepsState(instance: InstanceRecord, offer: Offer, { reservation }: Placement): boolean {
  return reservation?.keepsState ?? instance.hostname === offer.hostname;
}

function toPlaced(
  { draft, listPeers }: Round,
  { instance, placement }: Choice,
  offer: Offer,
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
    peers: listPeers(),
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

interface Rendered {
  readonly offer: Offer;
  readonly placed: PlacedInstance;
  readonly launch: ServiceLaunch;
}

function toTask(
  { draft, upstreamOf, refusals }: Round,
  { component, placement }: Choice,
  { offer, placed, launch }: Rendered,
): LaunchedTask {
  const { facts, settings } = draft.state;
  const agentId = offer.agent_id.value;
  return {
    taskId: placed.taskId,
    agentId,
    hostname: offer.hostname,
    host: placed.host,
    launchedAtMs: draft.nowMs,
    resources: placement.task,
    executorResources: placement.executor,
    upstream: upstreamOf(component),
    bundleSha256: settings.bundleSha256,
    configuration: getTarget(facts.versions)?.components[component.name]?.digest,
    restartOrder: facts.restarts?.[component.name],
    killGraceMs: launch.killGraceMs,
    fetching: refusals.noteLaunch(component.name, agentId),
    facts: toHostFacts(offer),
  };
}

export function launchOn(round: Round, choice: Choice): void {
  const { component, instance, evaluation, placement } = choice;
  const { agentId, hostname } = evaluation;
  const { draft, pool } = round;
  const offer = pool.offers.get(evaluation.offerId) as Offer;
  const placed = toPlaced(round, choice, offer);
  // A slot keeps its host also when the launch is refused, so that the host gets no second one.
  draft.put(component.count === 'every-agent' ? { ...instance, hostname } : instance);
  round.holdersOf(component).set(hostname, instance.name);
  const launch = renderService(draft, component, placed);
  if (launch === undefined) return;
  noteReservation(draft, instance.name, { hostname, reservation: placement.reservation });
  // One that returns kept its place while it was away.
  if (!isReturning(component, instance)) round.judgeOf(component)?.note(toHostFacts(offer));
  const task = toTask(round, choice, { offer, placed, launch });
  draft.apply(instance.name, { kind: 'launched', task, ports: placement.ports });
  pool.take(evaluation.offerId, { component, agentId, placement, placed, launch });
}
