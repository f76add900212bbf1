/** How much the engine wants offers of each role: long filters and SUPPRESS when nothing waits, REVIVE when new work appears. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import { roleOf } from '../components.ts';
import type { Draft } from '../draft.ts';
import type { EngineState, OfferDemand } from '../engine-state.ts';
import { type InstancePhase, nameOpenSlot } from '../instance.ts';
import { planDemand } from '../plan.ts';
import type { ComponentSpec } from '../service-spec.ts';

const IDLE_REFUSE_SECONDS = 3600;
export const BUSY_REFUSE_SECONDS = 5;

const NO_DEMAND: OfferDemand = {
  suppressed: false,
  reviveWanted: false,
  lastReviveAtMs: Number.NEGATIVE_INFINITY,
  known: [],
};

export function demandOf({ demand }: Pick<EngineState, 'demand'>, role: string): OfferDemand {
  return demand[role] ?? NO_DEMAND;
}

function listComponents(state: EngineState, role: string): ComponentSpec[] {
  return state.settings.spec.components.filter((component) => roleOf(state.settings, component) === role);
}

const WITHOUT_TASK: readonly InstancePhase[] = ['waiting', 'unreachable', 'killing'];

function isWaiting(state: EngineState, role: string): boolean {
  const names = new Set(listComponents(state, role).map(({ name }) => name));
  return state.instances
    .list()
    .some(
      ({ component, phase, paused }) =>
        names.has(component) && paused !== true && WITHOUT_TASK.includes(phase),
    );
}

/** What was to be given back just now may not have been: the next offer of it shows. */
function isReleasing({ facts, mode }: EngineState, role: string): boolean {
  return (facts.released ?? []).some(
    (entry) => entry.role === role && (mode !== 'running' || entry.sentAtMs !== undefined),
  );
}

/** Short while something may need the same resources soon. */
export function toRefuseSeconds(state: EngineState, role: string): number {
  const isBusy = isReleasing(state, role) || (state.mode === 'running' && isWaiting(state, role));
  return isBusy ? BUSY_REFUSE_SECONDS : IDLE_REFUSE_SECONDS;
}

function listReleased(state: EngineState, role: string): string[] {
  const released = (state.facts.released ?? []).filter((entry) => entry.role === role);
  return released.map(({ id }) => `release of ${id}`);
}

/** A service that follows the agents must hear of new ones, so its offers are never suppressed. */
function wantsOffers(state: EngineState, role: string): boolean {
  if (listReleased(state, role).length > 0) return true;
  if (state.mode !== 'running') return false;
  return isWaiting(state, role) || listComponents(state, role).some(({ count }) => count === 'every-agent');
}

/** What offers would be used for now, by role. */
function listWanted(state: EngineState, nowMs: number): Map<string, string[]> {
  const { roles, spec } = state.settings;
  const wanted = new Map(roles.map((role) => [role, listReleased(state, role)]));
  if (state.mode !== 'running') return wanted;
  const { placeable, open } = planDemand(spec, state.instances, nowMs);
  const roleByName = new Map(
    spec.components.map((component) => [component.name, roleOf(state.settings, component)]),
  );
  for (const { name, component } of placeable) wanted.get(roleByName.get(component) ?? '')?.push(name);
  for (const component of open)
    wanted.get(roleOf(state.settings, component))?.push(nameOpenSlot(component.name));
  return wanted;
}

/** A subscription clears filters and suppressions. */
export function resetDemand(state: EngineState, nowMs: number): EngineState['demand'] {
  const wanted = listWanted(state, nowMs);
  const demands = [...wanted].map(([role, known]) => {
    const wantedSinceMs = known.length > 0 ? nowMs : undefined;
    return [role, { ...NO_DEMAND, lastReviveAtMs: nowMs, known, wantedSinceMs }] as const;
  });
  return Object.fromEntries(demands);
}

function follow(draft: Draft, role: string, known: readonly string[]): void {
  const { state, nowMs } = draft;
  const before = demandOf(state, role);
  const knownBefore = new Set(before.known);
  const isNew = known.some((name) => !knownBefore.has(name));
  const wantedSinceMs = known.length > 0 ? (before.wantedSinceMs ?? nowMs) : undefined;
  const reviveWanted = known.length > 0 && (before.reviveWanted || isNew);
  let demand = { ...before, known, wantedSinceMs, reviveWanted };
  const mayRevive = nowMs - demand.lastReviveAtMs >= state.settings.timing.reviveIntervalMs;
  if (demand.reviveWanted && mayRevive) {
    draft.add({ kind: 'revive', roles: [role] });
    demand = { ...demand, reviveWanted: false, suppressed: false, lastReviveAtMs: nowMs };
  } else if (!demand.reviveWanted && !demand.suppressed && !wantsOffers(state, role)) {
    draft.add({ kind: 'suppress', roles: [role] });
    demand = { ...demand, suppressed: true };
  }
  draft.state = { ...state, demand: { ...state.demand, [role]: demand } };
}

/** The last part of every step: compares what is wanted now with what was wanted before. */
export function followDemand(draft: Draft): void {
  if (!draft.state.connected) return;
  for (const [role, known] of listWanted(draft.state, draft.nowMs)) follow(draft, role, known);
}

export function noteOffers(draft: Draft, offers: readonly Offer[]): void {
  const { state, nowMs } = draft;
  const hostsSeenMs = state.hostsSeenMs.copy();
  for (const { hostname } of offers) hostsSeenMs.set(hostname, nowMs);
  const roles = new Set(offers.map(({ allocation_info }) => allocation_info?.role ?? '*'));
  const demand = Object.fromEntries(
    [...roles].map((role) => [role, { ...demandOf(state, role), lastOfferAtMs: nowMs }]),
  );
  draft.state = {
    ...state,
    hostsSeenMs,
    demand: { ...state.demand, ...demand },
  };
}
