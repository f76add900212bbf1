/**
 * Why agents were refused lately, by component: the last offer of each agent counts, so that "how many" means agents and
 * not offers. Bounded by the number of agents.
 */
import type { Evaluation, StageOutcome } from '../offers/offer-evaluator.ts';

/** What one agent lacked. */
export interface AgentRefusal {
  readonly atMs: number;
  readonly hostname: string;
  /** Only the stages that it did not pass. */
  readonly failed: readonly StageOutcome[];
}

/** By agent id. */
export type RefusalLedger = ReadonlyMap<string, AgentRefusal>;

export const NO_REFUSALS: RefusalLedger = new Map();

export function toRefusal({ hostname, outcomes }: Evaluation, atMs: number): AgentRefusal {
  return { atMs, hostname, failed: outcomes.filter(({ passes }) => !passes) };
}

export interface RefusalRound {
  readonly nowMs: number;
  /** What is older says nothing any more. */
  readonly keptMs: number;
  /** Agents that made an offer; one that was not refused has been used, or would fit. */
  readonly agents: Iterable<string>;
  readonly refused: readonly Evaluation[];
}

export function addRound(
  ledger: RefusalLedger,
  { nowMs, keptMs, agents, refused }: RefusalRound,
): RefusalLedger {
  const next = new Map(ledger);
  for (const agentId of agents) next.delete(agentId);
  for (const evaluation of refused) next.set(evaluation.agentId, toRefusal(evaluation, nowMs));
  for (const [agentId, { atMs }] of next) if (nowMs - atMs > keptMs) next.delete(agentId);
  return next;
}
