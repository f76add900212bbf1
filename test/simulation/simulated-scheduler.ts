/** A scheduler as a process: the real engine and its loop over a store that outlives it; it can die after any effect. */
import type { step as engineStep } from '../../scheduler/core/engine.ts';
import type { EngineFacts } from '../../scheduler/core/engine-facts.ts';
import { createEngineState } from '../../scheduler/core/engine-start.ts';
import type { EngineEvent, EngineState } from '../../scheduler/core/engine-state.ts';
import type { GivenConfiguration } from '../../scheduler/core/rollout/apply-configuration.ts';
import { DEFAULT_TIMING } from '../../scheduler/core/timing.ts';
import { EngineLoop, type PerformableEffect } from '../../scheduler/engine-loop.ts';
import { FrameworkEnd } from '../../scheduler/framework-end.ts';
import { openSchedulerState } from '../../scheduler/state/scheduler-state.ts';
import type { Chance } from './chance.ts';
import type { MemoryRecordStore } from './memory-record-store.ts';

const CLUSTER = 'c1';

export interface SchedulerParts {
  /** As the operator left it, or went back to. */
  readonly configuration: (rollback: EngineFacts['rollback']) => GivenConfiguration;
  readonly step: typeof engineStep;
  readonly store: MemoryRecordStore;
  readonly perform: (effect: PerformableEffect) => void;
  readonly now: () => number;
  readonly chance: Chance;
}

export class SimulatedScheduler {
  /** It dies when so many more effects were done; a write of the store is one. */
  lifeEffects = Number.POSITIVE_INFINITY;
  /** Effects of all lives. */
  performed = 0;
  /** The effect after which it was killed first. */
  lastOfFirstLife: string | undefined;
  readonly #parts: SchedulerParts;
  #loop: EngineLoop<undefined> | undefined;
  #life = new AbortController();
  #forget: () => Promise<void> = () => Promise.resolve();

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
  }

  get isAlive(): boolean {
    return !this.#life.signal.aborted && this.#loop !== undefined;
  }

  get state(): EngineState {
    if (this.#loop === undefined) throw new Error('the scheduler was never started');
    return this.#loop.state;
  }

  kill(): void {
    this.#life.abort();
  }

  async start(): Promise<void> {
    const { configuration, store, now, chance, step } = this.#parts;
    const state = await openSchedulerState(store, CLUSTER, 'memory');
    const given = configuration(state.stored.facts?.rollback);
    const { spec } = given;
    const settings = {
      spec,
      roles: ['r'] as const,
      address: 'hostname' as const,
      bundleSha256: 'b',
      // First launches go in waves by it.
      bundleBytes: 45_000_000,
      timing: DEFAULT_TIMING,
    };
    const life = new AbortController();
    this.#life = life;
    this.#forget = () => new FrameworkEnd(life.signal).tearDown(this.state.facts, state);
    if (this.lifeEffects <= 0) this.lifeEffects = Number.POSITIVE_INFINITY;
    this.#loop = new EngineLoop<undefined>({
      state: createEngineState(settings, state.stored, now()),
      step,
      persist: async (changes) => {
        await store.write(changes);
        this.#count('persist');
      },
      perform: (effect) => this.#perform(effect),
      connection: () => undefined,
      confirm: () => Promise.resolve(true),
      observe: () => undefined,
      onFailure: () => life.abort(),
      now,
      chance,
      signal: life.signal,
    });
    if (this.state.mode === 'running') await this.receive({ kind: 'configured', ...given });
  }

  /** Mesos has removed the framework, as asked. */
  async forget(): Promise<void> {
    await this.#forget();
    this.kill();
  }

  async receive(event: EngineEvent): Promise<void> {
    if (this.isAlive) await this.#loop?.dispatch(event);
  }

  #perform(effect: PerformableEffect): void {
    if (!this.isAlive) return;
    this.#parts.perform(effect);
    if (effect.kind !== 'log') this.#count(effect.kind);
  }

  #count(kind: string): void {
    this.performed += 1;
    this.lifeEffects -= 1;
    if (this.lifeEffects > 0) return;
    this.lastOfFirstLife ??= kind;
    this.kill();
  }
}
