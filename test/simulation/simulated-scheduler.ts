/** A scheduler as a process: the real engine and its loop over a store that outlives it; it can die after any effect. */
import type { step as engineStep } from '../../scheduler/core/engine.ts';
import { type EngineEvent, type EngineState, createEngineState } from '../../scheduler/core/engine-state.ts';
import type { ServiceSpec } from '../../scheduler/core/service-spec.ts';
import { DEFAULT_TIMING } from '../../scheduler/core/timing.ts';
import { EngineLoop, type PerformableEffect } from '../../scheduler/engine-loop.ts';
import { openSchedulerState } from '../../scheduler/state/scheduler-state.ts';
import type { Chance } from './chance.ts';
import type { MemoryRecordStore } from './memory-record-store.ts';

export interface SchedulerParts {
  readonly spec: ServiceSpec;
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
    const { spec, store, now, chance, step } = this.#parts;
    const { stored } = await openSchedulerState(store, spec.cluster, 'memory');
    const settings = {
      spec,
      roles: ['r'] as const,
      address: 'hostname' as const,
      bundleSha256: 'b',
      timing: DEFAULT_TIMING,
    };
    const life = new AbortController();
    this.#life = life;
    this.lifeEffects = Number.POSITIVE_INFINITY;
    this.#loop = new EngineLoop<undefined>({
      state: createEngineState(settings, stored, now()),
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
