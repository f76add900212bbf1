/** Which hosts are to be left, and whether an instance can leave its own. */
import type { EngineState } from '../engine-state.ts';
import type { InstanceRecord } from '../instance.ts';
import type { ComponentSpec } from '../service-spec.ts';
import { isComing, renderWindow } from './maintenance-window.ts';

export interface Departure {
  /** By an operator's word, or for maintenance. */
  readonly kind: 'drained' | 'maintenance';
  readonly reason: string;
  /** Of several the earliest is left first. */
  readonly dueMs: number;
}

/** Undefined: the host may be used. */
export function findDeparture(state: EngineState, hostname: string, nowMs: number): Departure | undefined {
  const drained = state.facts.drained?.[hostname];
  if (drained !== undefined)
    return { kind: 'drained', reason: `host ${hostname} is drained by an operator`, dueMs: drained.sinceMs };
  const window = state.maintenance[hostname];
  if (!isComing(window, nowMs, state.settings.timing.maintenanceLeadMs) || window === undefined)
    return undefined;
  return { kind: 'maintenance', reason: renderWindow(hostname, window, nowMs), dueMs: window.startMs };
}

/** True when any host is to be left: asked before all hosts are looked at. */
export function hasDepartures({ facts, maintenance }: EngineState): boolean {
  return Object.keys(facts.drained ?? {}).length > 0 || Object.keys(maintenance).length > 0;
}

/** True when a host that may be used has made an offer: without one, leaving early would only be down for longer. */
export function knowsElsewhere(state: EngineState, nowMs: number): boolean {
  return state.hostsSeenMs.names().some((host) => findDeparture(state, host, nowMs) === undefined);
}

/** Why it must stay where it is, or undefined if it can go. */
export function judgeLeave(component: ComponentSpec, instance: InstanceRecord): string | undefined {
  if (component.hostname !== undefined) return `it may run on host ${component.hostname} only`;
  if ((instance.reserved ?? []).length > 0) return 'its volume lies there';
  if (component.pinned) return 'its state lies there';
  return undefined;
}
