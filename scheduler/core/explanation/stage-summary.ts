/** Many refusals in a few lines: per stage how many agents, and by how much the best of them missed. */
import type { StageOutcome } from '../offers/offer-evaluator.ts';
import type { AgentRefusal, RefusalLedger } from './refusal-ledger.ts';

export interface StageSummary {
  readonly stage: string;
  /** Agents that did not pass it. */
  readonly refused: number;
  /** Agents that would have fitted but for this. */
  readonly alone: number;
  /** The reason of the agent that missed by least. */
  readonly best: string;
  /** Its host. */
  readonly example: string;
}

interface Tally {
  refused: number;
  alone: number;
  best: StageOutcome;
  hostname: string;
}

/** One for each stage: an agent that fails two constraints is one agent. The first is what it says. */
function selectStages(failed: readonly StageOutcome[]): readonly StageOutcome[] {
  const firsts = new Map<string, StageOutcome>();
  for (const outcome of failed) if (!firsts.has(outcome.stage)) firsts.set(outcome.stage, outcome);
  return [...firsts.values()];
}

function count(tallies: Map<string, Tally>, { hostname, failed }: AgentRefusal): void {
  const stages = failed.length === 1 ? failed : selectStages(failed);
  for (const outcome of stages) {
    const alone = stages.length === 1 ? 1 : 0;
    const tally = tallies.get(outcome.stage);
    if (tally === undefined) {
      tallies.set(outcome.stage, { refused: 1, alone, best: outcome, hostname });
      continue;
    }
    tally.refused += 1;
    tally.alone += alone;
    if ((outcome.miss ?? 1) < (tally.best.miss ?? 1)) Object.assign(tally, { best: outcome, hostname });
  }
}

/** Those first that keep most agents away by themselves: there an operator has most to win. */
export function summarizeStages(refusals: Iterable<AgentRefusal>): StageSummary[] {
  const tallies = new Map<string, Tally>();
  for (const refusal of refusals) count(tallies, refusal);
  return [...tallies]
    .map(([stage, { refused, alone, best, hostname }]) => ({
      stage,
      refused,
      alone,
      best: best.reason,
      example: hostname,
    }))
    .sort((a, b) => b.alone - a.alone || b.refused - a.refused);
}

const SUMMARIES = new WeakMap<RefusalLedger, readonly StageSummary[]>();

/** Once for each ledger, whoever asks: thousands of instances may wait for the same. */
export function summarizeLedger(ledger: RefusalLedger): readonly StageSummary[] {
  const known = SUMMARIES.get(ledger);
  if (known !== undefined) return known;
  const summary = summarizeStages(ledger.values());
  SUMMARIES.set(ledger, summary);
  return summary;
}

/** `ports: 12 agents, at best on h7: needs port 19998 (alluxio.master.rpc.port), offered 31000-32000` */
export function renderStage({ stage, refused, best, example }: StageSummary): string {
  return `${stage}: ${refused === 1 ? '1 agent' : `${refused} agents`}, at best on ${example}: ${best}`;
}
