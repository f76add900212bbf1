/** How much the engine wants offers: long filters and SUPPRESS when nothing waits, REVIVE when new work appears. */
import type { Draft } from '../draft.ts';
import type { EngineState } from '../engine-state.ts';
import { nameOpenSlot } from '../instance.ts';
import { planDemand } from '../plan.ts';

const IDLE_REFUSE_SECONDS = 3600;
const BUSY_REFUSE_SECONDS = 5;

function isWaiting(state: EngineState): boolean {
  return Object.values(state.instances).some(
    ({ phase }) => phase === 'waiting' || phase === 'unreachable' || phase === 'killing',
  );
}

/** Short while something may need the same resources soon. */
export function toRefuseSeconds(state: EngineState): number {
  return state.mode === 'running' && isWaiting(state) ? BUSY_REFUSE_SECONDS : IDLE_REFUSE_SECONDS;
}

/** A service that follows the agents must hear of new ones, so its offers are never suppressed. */
function wantsOffers(state: EngineState): boolean {
  if (state.mode !== 'running') return false;
  return isWaiting(state) || state.settings.spec.components.some(({ count }) => count === 'every-agent');
}

export function listWanted(state: EngineState, nowMs: number): string[] {
  if (state.mode !== 'running') return [];
  const { placeable, open } = planDemand(state.settings.spec, state.instances, nowMs);
  return [...placeable.map(({ name }) => name), ...open.map(({ name }) => nameOpenSlot(name))];
}

/** The last part of every step: compares what is wanted now with what was wanted before. */
export function followDemand(draft: Draft): void {
  const { state, nowMs } = draft;
  if (!state.connected) return;
  const known = listWanted(state, nowMs);
  const isNew = known.some((name) => !state.demand.known.includes(name));
  let demand = { ...state.demand, known, reviveWanted: state.demand.reviveWanted || isNew };
  const mayRevive = nowMs - demand.lastReviveAtMs >= state.settings.timing.reviveIntervalMs;
  if (demand.reviveWanted && mayRevive) {
    draft.add({ kind: 'revive' });
    demand = { ...demand, reviveWanted: false, suppressed: false, lastReviveAtMs: nowMs };
  } else if (!demand.reviveWanted && !demand.suppressed && !wantsOffers(state)) {
    draft.add({ kind: 'suppress' });
    demand = { ...demand, suppressed: true };
  }
  draft.state = { ...state, demand };
}
