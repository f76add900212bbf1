/**
 * Whether an offer fits an instance, stage by stage. Each stage leaves a reason with its numbers, also when it passes:
 * the answer to "why is my task not placed" is data.
 */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import type { Resource } from '../../../protocol/mesos/resource.ts';
import {
  offeredPorts,
  subtractResources,
  takePorts,
  takeScalar,
  totalMilli,
} from '../../../protocol/resources.ts';
import { renderRanges, selectPorts } from './port-selection.ts';
import { EXECUTOR_RESOURCES, type ComponentSpec } from '../service-spec.ts';
import { selectUsable } from './usable-resources.ts';

export interface PlacementRequest {
  readonly instance: string;
  readonly component: ComponentSpec;
  readonly role: string;
  /** The only host that it may go to, with the reason for a person. */
  readonly boundHost?: { readonly hostname: string; readonly reason: string } | undefined;
  /** Hosts that other instances of the component have. */
  readonly takenHosts: Pick<ReadonlySet<string>, 'has'>;
  readonly keptPorts: Readonly<Record<string, number>>;
  readonly avoidedPorts: ReadonlySet<number>;
}

export type Stage = 'role' | 'host' | 'bound-host' | 'unique-host' | 'cpus' | 'mem' | 'disk' | 'ports';

export interface StageOutcome {
  readonly stage: Stage;
  readonly passes: boolean;
  readonly reason: string;
}

export interface Placement {
  readonly task: readonly Resource[];
  readonly executor: readonly Resource[];
  readonly ports: Readonly<Record<string, number>>;
}

export interface Evaluation {
  readonly offerId: string;
  readonly agentId: string;
  readonly hostname: string;
  readonly outcomes: readonly StageOutcome[];
  /** Present when every stage passes. */
  readonly placement?: Placement;
}

function judgeHosts(request: PlacementRequest, offer: Offer): StageOutcome[] {
  const { component, boundHost, takenHosts } = request;
  const { hostname } = offer;
  const role = offer.allocation_info?.role ?? '*';
  const judge = (stage: Stage, passes: boolean, reason: string): StageOutcome => ({ stage, passes, reason });
  const outcomes = [judge('role', role === request.role, `needs role ${request.role}, offered to ${role}`)];
  if (component.hostname !== undefined)
    outcomes.push(
      judge('host', component.hostname === hostname, `needs host ${component.hostname}, offered ${hostname}`),
    );
  if (boundHost !== undefined)
    outcomes.push(
      judge(
        'bound-host',
        boundHost.hostname === hostname,
        `needs host ${boundHost.hostname} (${boundHost.reason}), offered ${hostname}`,
      ),
    );
  if (component.uniqueHost)
    outcomes.push(
      judge(
        'unique-host',
        !takenHosts.has(hostname),
        takenHosts.has(hostname)
          ? `${hostname} has a ${component.name} already`
          : `${hostname} has no ${component.name}`,
      ),
    );
  return outcomes;
}

const SCALARS = [
  { stage: 'cpus', request: 'cpusMilli', scale: 1, unit: 'cpus' },
  { stage: 'mem', request: 'memMiB', scale: 1000, unit: 'MiB of memory' },
  { stage: 'disk', request: 'diskMiB', scale: 1000, unit: 'MiB of disk' },
] as const;

function judgeScalars(component: ComponentSpec, usable: readonly Resource[]): StageOutcome[] {
  return SCALARS.map(({ stage, request, scale, unit }) => {
    const ours = EXECUTOR_RESOURCES[request] * scale;
    const need = component.resources[request] * scale + ours;
    const offered = totalMilli(usable, stage);
    const included = ours > 0 ? ` (${ours / 1000} of them for the executor)` : '';
    const reason = `needs ${need / 1000} ${unit}${included}, offered ${offered / 1000}`;
    return { stage, passes: offered >= need, reason };
  });
}

function takeAll(
  from: readonly Resource[],
  amounts: ComponentSpec['resources'],
): { taken: Resource[]; rest: Resource[] } {
  let rest = [...from];
  const taken: Resource[] = [];
  for (const { stage, request, scale } of SCALARS) {
    const pieces = takeScalar(rest, stage, amounts[request] * scale) ?? [];
    taken.push(...pieces);
    rest = subtractResources(rest, pieces);
  }
  return { taken, rest };
}

/** Pure; takes nothing: the caller subtracts a placement that it uses. */
export function evaluateOffer(request: PlacementRequest, offer: Offer): Evaluation {
  const usable = selectUsable(offer);
  const { component } = request;
  const ranges = offeredPorts(usable);
  const wish = { requests: component.ports, kept: request.keptPorts, avoided: request.avoidedPorts };
  const selection = selectPorts(ranges, wish);
  const outcomes = [...judgeHosts(request, offer), ...judgeScalars(component, usable)];
  if (component.ports.length > 0) {
    const found = `takes ${Object.values(selection.ports).join(', ')} of ${renderRanges(ranges)}`;
    const passes = selection.problem === undefined;
    outcomes.push({ stage: 'ports', passes, reason: selection.problem ?? found });
  }
  const about = {
    offerId: offer.id.value,
    agentId: offer.agent_id.value,
    hostname: offer.hostname,
    outcomes,
  };
  if (outcomes.some((outcome) => !outcome.passes)) return about;
  const executor = takeAll(usable, EXECUTOR_RESOURCES);
  const task = takeAll(executor.rest, component.resources).taken;
  const ports = takePorts(usable, Object.values(selection.ports)) ?? [];
  return {
    ...about,
    placement: { task: [...task, ...ports], executor: executor.taken, ports: selection.ports },
  };
}
