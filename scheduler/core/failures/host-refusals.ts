/** Hosts that are not to be used now although they offer, as one more stage of evaluation. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import type { EngineState } from '../engine-state.ts';
import { findDeparture, hasDepartures } from '../maintenance/leaving.ts';
import type { StageOutcome } from '../offers/offer-evaluator.ts';
import { LaunchWave } from '../waves/launch-waves.ts';
import { listAvoided, renderAvoided } from './host-failures.ts';

/** Why an offer is not used by anybody, or only by one that has no other host. */
export type HostJudge = (offer: Offer) => readonly StageOutcome[];

const NONE: readonly StageOutcome[] = [];

function listKnownHosts({ hostsSeenMs, instances, settings }: EngineState, nowMs: number): Set<string> {
  const offering = Object.entries(hostsSeenMs).filter(([, ms]) => nowMs - ms < settings.timing.explainMs);
  const used = Object.values(instances).flatMap(({ task }) => (task === undefined ? [] : [task.hostname]));
  return new Set([...offering.map(([hostname]) => hostname), ...used]);
}

export class HostRefusals {
  readonly wave: LaunchWave;
  readonly #state: EngineState;
  readonly #nowMs: number;
  readonly #avoided: ReadonlySet<string>;
  readonly #mayRefuse: boolean;

  constructor(state: EngineState, nowMs: number) {
    this.#state = state;
    this.#nowMs = nowMs;
    this.wave = new LaunchWave(state);
    const agents = state.facts.agents ?? {};
    const isCalm = Object.keys(agents).length === 0;
    this.#avoided = new Set(isCalm ? [] : listAvoided(agents, listKnownHosts(state, nowMs), nowMs));
    this.#mayRefuse = this.#avoided.size > 0 || hasDepartures(state);
  }

  /** For one that may go to any host. */
  readonly judgeFree: HostJudge = (offer) => this.#judge(offer, 'free');

  /** For one that has only this host: it waits for a drained one, and for its wave. */
  readonly judgeBound: HostJudge = (offer) => this.#judge(offer, 'bound');

  #judge({ hostname, agent_id }: Offer, binding: 'free' | 'bound'): readonly StageOutcome[] {
    const wave = this.wave.judge(agent_id.value);
    if (!this.#mayRefuse) return wave === undefined ? NONE : [wave];
    const outcomes = this.#judgeHost(hostname, binding);
    return wave === undefined ? outcomes : [...outcomes, wave];
  }

  #judgeHost(hostname: string, binding: 'free' | 'bound'): readonly StageOutcome[] {
    const departure = findDeparture(this.#state, hostname, this.#nowMs);
    const isBound = binding === 'bound';
    if (departure !== undefined && !(isBound && departure.kind === 'maintenance'))
      return [{ stage: departure.kind, passes: false, reason: departure.reason, mayChange: true }];
    const failures = this.#state.facts.agents?.[hostname];
    if (isBound || failures === undefined || !this.#avoided.has(hostname)) return NONE;
    const reason = renderAvoided(hostname, failures, this.#nowMs);
    return [{ stage: 'agent-backoff', passes: false, reason, mayChange: true }];
  }
}
