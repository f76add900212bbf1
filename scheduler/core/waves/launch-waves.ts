/** First launches on agents go in waves; an agent that has fetched this bundle already waits for none. */
import type { EngineSettings, EngineState } from '../engine-state.ts';
import type { InstanceRecord } from '../instance.ts';
import type { StageOutcome } from '../offers/offer-evaluator.ts';
import { type ReadonlyTable, Table } from '../table.ts';
import { FIRST_RATE, type FetchRate, noteFetch, noteTimeout, toWaveSize } from './fetch-rate.ts';

export interface WaveState {
  readonly rate: FetchRate;
  /** Agents that have this scheduler's bundle, as far as is known. */
  readonly fetched: ReadonlyTable<true>;
  /** Agents that fetch now, with the most that did so at once meanwhile. */
  readonly fetching: ReadonlyMap<string, number>;
}

/** Its executor has said nothing yet. TASK_STAGING is what the master says until it does. */
function awaitsExecutor({ phase, lastState }: InstanceRecord): boolean {
  return phase === 'launching' || (phase === 'starting' && lastState === 'TASK_STAGING');
}

export function createWaveState(
  instances: readonly InstanceRecord[],
  { bundleSha256, firstBytesPerSecond }: EngineSettings,
): WaveState {
  const rate = firstBytesPerSecond === undefined ? FIRST_RATE : { bytesPerSecond: firstBytesPerSecond };
  const fetched = instances.flatMap((instance) => {
    const { task } = instance;
    return task?.bundleSha256 === bundleSha256 && !awaitsExecutor(instance)
      ? [[task.agentId, true] as const]
      : [];
  });
  return { rate, fetched: Table.of<true>(fetched), fetching: new Map() };
}

/** What is under way in one step; it grows with each launch. */
export class LaunchWave {
  readonly #waves: WaveState;
  readonly #underWay: Set<string>;
  readonly #size: number;

  constructor({ settings, instances, waves }: EngineState) {
    const { bundleBytes, timing } = settings;
    this.#waves = waves;
    this.#size = bundleBytes === undefined ? Infinity : toWaveSize(waves.rate, bundleBytes, timing.fetchMs);
    const silent = instances.list().filter(awaitsExecutor);
    this.#underWay = new Set(silent.flatMap(({ task }) => (task?.fetching ? [task.agentId] : [])));
  }

  #isReady(agentId: string): boolean {
    return this.#waves.fetched.has(agentId) || this.#underWay.has(agentId);
  }

  /**
   * Undefined: it may be launched on that agent now. An instance that would be a further one on its host waits with the
   * others for theirs: else the hosts of the first wave would get them all.
   */
  judge(agentId: string, crowding: 'crowds' | 'has room'): StageOutcome | undefined {
    const isFull = this.#underWay.size >= this.#size;
    if (!isFull || (crowding === 'has room' && this.#isReady(agentId))) return undefined;
    const reason = `waits for its wave: ${this.#underWay.size} first launches are under way`;
    return { stage: 'wave', passes: false, reason };
  }

  /** True when the agent has to fetch the bundle for this launch. */
  take(agentId: string): true | undefined {
    if (this.#waves.fetched.has(agentId)) return undefined;
    this.#underWay.add(agentId);
    return true;
  }

  /** When all were launched that could be. */
  finish(): WaveState {
    if (this.#underWay.size === 0) return this.#waves;
    const together = this.#underWay.size;
    const most = (agentId: string) => Math.max(together, this.#waves.fetching.get(agentId) ?? 0);
    const fetching = new Map([...this.#underWay].map((agentId) => [agentId, most(agentId)]));
    return { ...this.#waves, fetching };
  }
}

function addAgent(fetched: WaveState['fetched'], agentId: string): WaveState['fetched'] {
  if (fetched.has(agentId)) return fetched;
  const more = fetched.copy();
  more.set(agentId, true);
  return more;
}

/** Learns from what became of a launch. */
export function followFetch(state: EngineState, before: InstanceRecord, after: InstanceRecord): WaveState {
  const { task } = before;
  const { settings, waves } = state;
  const isOwn = task?.bundleSha256 === settings.bundleSha256;
  if (!awaitsExecutor(before) || awaitsExecutor(after) || task === undefined || !isOwn) return waves;
  if (after.lastReason === 'REASON_EXECUTOR_REGISTRATION_TIMEOUT')
    return { ...waves, rate: noteTimeout(waves.rate) };
  if (after.phase !== 'starting' && after.phase !== 'ready') return waves;
  const fetched = addAgent(waves.fetched, task.agentId);
  const together = waves.fetching.get(task.agentId);
  const { bundleBytes, timing } = settings;
  const isMeasured = task.fetching === true && before.phase === 'launching';
  if (!isMeasured || together === undefined || bundleBytes === undefined) return { ...waves, fetched };
  const fetch = { sizeBytes: bundleBytes, durationMs: after.sinceMs - task.launchedAtMs, together };
  return { ...waves, fetched, rate: noteFetch(waves.rate, fetch, timing.fetchMs) };
}
