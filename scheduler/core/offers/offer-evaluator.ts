/**
 * Whether an offer fits an instance, stage by stage. Each stage leaves a reason with its numbers, also when it passes:
 * the answer to "why is my task not placed" is data.
 */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import type { Resource } from '../../../protocol/mesos/resource.ts';
import { offeredPorts, takePorts } from '../../../protocol/resources.ts';
import type { Arrival, ConstraintOutcome, PlacementJudge } from '../constraints/placement-judge.ts';
import type { HostJudge } from '../failures/host-refusals.ts';
import { EXECUTOR_RESOURCES, type ComponentSpec } from '../service-spec.ts';
import { isReservedWith, planReservation } from '../volumes/reservation-plan.ts';
import type { ResourceOperation } from '../volumes/operations.ts';
import type { VolumeClaim } from '../volumes/volume-claim.ts';
import { type VolumeSelection, removeTaken, selectVolumes } from '../volumes/volume-selection.ts';
import { judgeHosts } from './host-stages.ts';
import { type PortSelection, renderRanges, selectPorts } from './port-selection.ts';
import { judgeScalars, takeScalars } from './scalar-stages.ts';
import { selectUsable } from './usable-resources.ts';

export interface PlacementRequest {
  readonly instance: string;
  readonly component: ComponentSpec;
  readonly role: string;
  /** The only host that it may go to, with the reason for a person. */
  readonly boundHost?: { readonly hostname: string; readonly reason: string } | undefined;
  /** Host that an operator moved the instance off. */
  readonly leftHost?: string | undefined;
  /** Hosts that other instances of the component have. */
  readonly takenHosts: Pick<ReadonlySet<string>, 'has'>;
  /** Of a component with a placement rule. */
  readonly judge?: PlacementJudge | undefined;
  /** `new` when unset. */
  readonly arrival?: Arrival;
  /** What is known of hosts beside their offers; unset: nothing. */
  readonly judgeHost?: HostJudge | undefined;
  readonly keptPorts: Readonly<Record<string, number>>;
  readonly avoidedPorts: ReadonlySet<number>;
  /** Of a component with volumes. */
  readonly claim?: VolumeClaim | undefined;
}

export type Stage =
  | 'role'
  | 'host'
  | 'bound-host'
  | 'left-host'
  | 'unique-host'
  | ConstraintOutcome['stage']
  | 'agent-backoff'
  | 'drained'
  | 'maintenance'
  | 'wave'
  | 'volumes'
  | 'cpus'
  | 'mem'
  | 'disk'
  | 'ports'
  | `resource:${string}`;

export interface StageOutcome {
  readonly stage: Stage;
  readonly passes: boolean;
  readonly reason: string;
  /** True when another instance's placement may make it pass. */
  readonly mayChange?: boolean;
  /** By what part of the need the offer is short, where that can be said. */
  readonly miss?: number;
}

/** What an instance with volumes gets beyond a plain one. */
export interface Reservation {
  readonly operations: readonly ResourceOperation[];
  /** The ledger of the instance from now on. */
  readonly reserved: readonly Resource[];
  /** Every volume was there already, with what the instance left in it. */
  readonly keepsState: boolean;
}

export interface Placement {
  readonly task: readonly Resource[];
  readonly executor: readonly Resource[];
  readonly ports: Readonly<Record<string, number>>;
  /** All of it in the shape in which it was offered. */
  readonly taken: readonly Resource[];
  readonly reservation?: Reservation;
}

export interface Evaluation {
  readonly offerId: string;
  readonly agentId: string;
  readonly hostname: string;
  readonly outcomes: readonly StageOutcome[];
  /** Present when every stage passes. */
  readonly placement?: Placement;
}

function judgePorts(selection: PortSelection, usable: readonly Resource[]): StageOutcome {
  const found = `takes ${Object.values(selection.ports).join(', ')} of ${renderRanges(offeredPorts(usable))}`;
  const passes = selection.problem === undefined;
  return { stage: 'ports', passes, reason: selection.problem ?? found };
}

function judgeVolumes({ problem, volumes }: VolumeSelection): StageOutcome {
  const names = volumes.map(({ create, name }) => (create === undefined ? name : `${name} (new)`));
  return { stage: 'volumes', passes: problem === undefined, reason: problem ?? `has ${names.join(', ')}` };
}

interface Candidate {
  readonly request: PlacementRequest;
  readonly usable: readonly Resource[];
  readonly ports: PortSelection['ports'];
  readonly selection: VolumeSelection | undefined;
}

function takePlacement({ request, usable, ports, selection }: Candidate): Placement {
  const executor = takeScalars(usable, EXECUTOR_RESOURCES);
  const task = takeScalars(executor.rest, request.component.resources).taken;
  const held = takePorts(usable, Object.values(ports)) ?? [];
  const plain = { task: [...task, ...held], executor: executor.taken };
  if (request.claim === undefined || selection === undefined)
    return { ...plain, ports, taken: [...plain.task, ...plain.executor] };
  return { ...planReservation({ claim: request.claim, selection, usable, ...plain }), ports };
}

/** Pure; takes nothing: the caller subtracts a placement that it uses. */
export function evaluateOffer(request: PlacementRequest, offer: Offer): Evaluation {
  const { component, claim } = request;
  const offered = offer.resources ?? [];
  const selection = claim === undefined ? undefined : selectVolumes(claim, offered);
  const usable =
    claim === undefined || selection === undefined
      ? selectUsable(offered)
      : selectUsable(removeTaken(offered, selection), (resource) => isReservedWith(resource, claim));
  const wish = { requests: component.ports, kept: request.keptPorts, avoided: request.avoidedPorts };
  const ports = selectPorts(offeredPorts(usable), wish);
  const outcomes = [
    ...judgeHosts(request, offer),
    ...(request.judgeHost?.(offer) ?? []),
    ...(selection === undefined ? [] : [judgeVolumes(selection)]),
    ...judgeScalars(component.resources, usable),
    ...(component.ports.length > 0 ? [judgePorts(ports, usable)] : []),
  ];
  const about = {
    offerId: offer.id.value,
    agentId: offer.agent_id.value,
    hostname: offer.hostname,
    outcomes,
  };
  if (outcomes.some((outcome) => !outcome.passes)) return about;
  return { ...about, placement: takePlacement({ request, usable, ports: ports.ports, selection }) };
}
