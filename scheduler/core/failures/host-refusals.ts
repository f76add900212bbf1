/** Hosts that are not to be used now although they offer, as one more stage of evaluation. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import type { EngineState } from '../engine-state.ts';
import { findDeparture, hasDepartures } from '../maintenance/leaving.ts';
import type { StageOutcome } from '../offers/offer-evaluator.ts';
import type { ComponentSpec } from '../service-spec.ts';
import { LaunchWave } from '../waves/launch-waves.ts';
import { listAvoided, renderAvoided } from './host-failures.ts';

/** Why an offer is not used by anybody, or only by one that has no other host. */
export type HostJudge = (offer: Offer) => readonly StageOutcome[];

const NONE: readonly StageOutcome[] = [];

function listKnownHosts({ hostsSeenMs, instances, settings }: EngineState, nowMs: number): Set<string> {
  const offering = hostsSeenMs.entries().filter(([, ms]) => nowMs - ms < settings.timing.explainMs);
  const used = instances.list().flatMap(({ task }) => (task === undefined ? [] : [task.hostname]));
  return new Set([...offering.map(([hostname]) => hostname), ...used]);
}

export class HostRefusals {
  readonly wave: LaunchWave;
  readonly #state: EngineState;
  readonly #nowMs: number;
  readonly #avoided: ReadonlySet<string>;
  readonly #mayRefuse: boolean;
  /** By component. */
  readonly #used = new Map<string, Set<string>>();

  constructor(state: EngineState, nowMs: number) {
    this.#state = state;
    this.#nowMs = nowMs;
    this.wave = new LaunchWave(state);
    const agents = state.facts.agents ?? {};
    const isCalm = Object.keys(agents).length === 0;
    this.#avoided = new Set(isCalm ? [] : listAvoided(agents, listKnownHosts(state, nowMs), nowMs));
    this.#mayRefuse = this.#avoided.size > 0 || hasDepartures(state);
  }

  /** For instances of a component that may go to any host. */
  judgeFree({ name, placement }: ComponentSpec): HostJudge {
    const used = this.#listUsed(name);
    const isSpread = placement?.strategy !== 'pack';
    return ({ hostname, agent_id }) => {
      const crowding = isSpread && used.has(agent_id.value) ? 'crowds' : 'has room';
      return this.#judge({ hostname, binding: 'free' }, this.wave.judge(agent_id.value, crowding));
    };
  }

  /** For one that has only this host: it waits for a drained one, and for its wave. */
  readonly judgeBound: HostJudge = ({ hostname, agent_id }) =>
    this.#judge({ hostname, binding: 'bound' }, this.wave.judge(agent_id.value, 'has room'));

  /** A launch of this round. Set when the agent has to fetch the bundle for it. */
  noteLaunch(component: string, agentId: string): true | undefined {
    this.#used.get(component)?.add(agentId);
    return this.wave.take(agentId);
  }

  /** Agents with a task of the component. */
  #listUsed(component: string): ReadonlySet<string> {
    const known = this.#used.get(component);
    if (known !== undefined) return known;
    const own = this.#state.instances.list().filter((instance) => instance.component === component);
    const used = new Set(own.flatMap(({ task }) => (task === undefined ? [] : [task.agentId])));
    this.#used.set(component, used);
    return used;
  }

  #judge(
    { hostname, binding }: { hostname: string; binding: 'free' | 'bound' },
    wave: StageOutcome | undefined,
  ): readonly StageOutcome[] {
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
