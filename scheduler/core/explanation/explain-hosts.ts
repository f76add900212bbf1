/** Hosts that are not used although they may offer, and why. */
import { findComponent } from '../components.ts';
import type { EngineState } from '../engine-state.ts';
import { isAvoided, renderAvoided } from '../failures/host-failures.ts';
import { findDeparture, judgeLeave } from '../maintenance/leaving.ts';

export interface ExplainedHost {
  readonly hostname: string;
  readonly reason: string;
  /** Instances that are still there, and why they cannot leave. */
  readonly staying: readonly string[];
}

function listStaying({ settings, instances }: EngineState, hostname: string): string[] {
  const there = instances.list().filter(({ task }) => task?.hostname === hostname);
  return there.map((instance) => {
    const component = findComponent(settings.spec, instance.component);
    const why = component && judgeLeave(component, instance);
    return why === undefined ? instance.name : `${instance.name}: ${why}`;
  });
}

export function explainHosts(state: EngineState, nowMs: number): ExplainedHost[] {
  const { agents = {}, drained = {} } = state.facts;
  const names = new Set([...Object.keys(drained), ...Object.keys(state.maintenance), ...Object.keys(agents)]);
  return [...names].toSorted().flatMap((hostname) => {
    const departure = findDeparture(state, hostname, nowMs);
    if (departure !== undefined)
      return [{ hostname, reason: departure.reason, staying: listStaying(state, hostname) }];
    const failures = agents[hostname];
    if (failures === undefined || !isAvoided(failures, nowMs)) return [];
    return [{ hostname, reason: renderAvoided(hostname, failures, nowMs), staying: [] }];
  });
}
