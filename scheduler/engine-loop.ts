/**
 * The engine at work: all events that wait are stepped through, what must survive is stored once for all of them, and
 * only then are their effects performed, in order.
 */
import type { Step } from './core/draft.ts';
import type { EngineEffect } from './core/engine-effects.ts';
import type { EngineEvent, EngineState, StepMoment } from './core/engine-state.ts';
import { toRecordChanges } from './state/scheduler-state.ts';

export type PerformableEffect = Exclude<EngineEffect, { kind: 'persist' }>;

/** What was decided and done; for metrics and the event stream. */
export interface PerformedStep {
  readonly event: EngineEvent;
  readonly before: EngineState;
  readonly state: EngineState;
  readonly effects: readonly EngineEffect[];
  readonly nowMs: number;
}

export interface EngineLoopParts {
  readonly state: EngineState;
  readonly step: (state: EngineState, event: EngineEvent, moment: StepMoment) => Step;
  readonly persist: (changes: ReadonlyMap<string, Uint8Array | null>) => Promise<void>;
  readonly perform: (effect: PerformableEffect, frameworkId: string | undefined) => void;
  readonly observe: (step: PerformedStep) => void;
  /** A store that fails ends the scheduler before it acts on what it could not keep. */
  readonly onFailure: (error: unknown) => void;
  readonly now: () => number;
  readonly chance: () => number;
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly event: EngineEvent;
  readonly done: () => void;
}

export class EngineLoop {
  readonly #parts: EngineLoopParts;
  #state: EngineState;
  #waiting: Waiting[] = [];
  #running = false;

  constructor(parts: EngineLoopParts) {
    this.#parts = parts;
    this.#state = parts.state;
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Resolves when everything that follows from the event was done, or when the scheduler ends before. */
  dispatch(event: EngineEvent): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ event, done: resolve });
    if (!this.#running) void this.#run();
    return promise;
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        if (!this.#parts.signal.aborted) await this.#process(batch.map(({ event }) => event));
      } catch (error) {
        this.#parts.onFailure(error);
      }
      for (const { done } of batch) done();
    }
    this.#running = false;
  }

  async #process(events: readonly EngineEvent[]): Promise<void> {
    const steps = events.map((event) => this.#step(event));
    const changes = new Map<string, Uint8Array | null>();
    for (const effect of steps.flatMap(({ effects }) => effects))
      if (effect.kind === 'persist')
        for (const [name, value] of toRecordChanges(effect)) changes.set(name, value);
    if (changes.size > 0) await this.#parts.persist(changes);
    for (const performed of steps) this.#perform(performed);
  }

  #step(event: EngineEvent): PerformedStep {
    const before = this.#state;
    const nowMs = this.#parts.now();
    const { state, effects } = this.#parts.step(before, event, { nowMs, chance: this.#parts.chance });
    this.#state = state;
    return { event, before, state, effects, nowMs };
  }

  /** Whoever was told to end while the store was writing does nothing more. */
  #perform(performed: PerformedStep): void {
    if (this.#parts.signal.aborted) return;
    for (const effect of performed.effects)
      if (effect.kind !== 'persist') this.#parts.perform(effect, performed.state.frameworkId);
    this.#parts.observe(performed);
  }
}
