/**
 * The engine at work: the events that wait are stepped through, what must survive is stored once for all of them, and
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

export interface EngineLoopParts<Connection = unknown> {
  readonly state: EngineState;
  readonly step: (state: EngineState, event: EngineEvent, moment: StepMoment) => Step;
  readonly persist: (changes: ReadonlyMap<string, Uint8Array | null>) => Promise<void>;
  readonly perform: (effect: PerformableEffect, around: PerformSurroundings<Connection>) => void;
  /** The subscription of this moment: what one said is not answered on another. */
  readonly connection: () => Connection;
  /** Asked before anything is done; false: another scheduler may lead, and nothing is done any more. */
  readonly confirm: () => Promise<boolean>;
  readonly observe: (step: PerformedStep) => void;
  /** A store that fails ends the scheduler before it acts on what it could not keep. */
  readonly onFailure: (error: unknown) => void;
  readonly now: () => number;
  readonly chance: () => number;
  readonly signal: AbortSignal;
}

/** A store is written once for so many events; each of them keeps the states around it in memory until then. */
const MOST_AT_ONCE = 128;

interface Waiting<Connection> {
  readonly event: EngineEvent;
  readonly connection: Connection;
  readonly done: () => void;
}

export interface PerformSurroundings<Connection> {
  readonly frameworkId: string | undefined;
  /** Under which the event came. */
  readonly connection: Connection;
}

/** Of several steps: the last word about each record. */
function collectChanges(effects: readonly EngineEffect[]): Map<string, Uint8Array | null> {
  const changes = new Map<string, Uint8Array | null>();
  for (const effect of effects)
    if (effect.kind === 'persist')
      for (const [name, value] of toRecordChanges(effect)) changes.set(name, value);
  return changes;
}

export class EngineLoop<Connection = unknown> {
  readonly #parts: EngineLoopParts<Connection>;
  #state: EngineState;
  readonly #waiting: Waiting<Connection>[] = [];
  #running = false;

  constructor(parts: EngineLoopParts<Connection>) {
    this.#parts = parts;
    this.#state = parts.state;
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Resolves when everything that follows from the event was done, or when the scheduler ends before. */
  dispatch(event: EngineEvent): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ event, connection: this.#parts.connection(), done: resolve });
    if (!this.#running) void this.#run();
    return promise;
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MOST_AT_ONCE);
      try {
        if (!this.#parts.signal.aborted) await this.#process(batch);
      } catch (error) {
        this.#parts.onFailure(error);
      }
      for (const { done } of batch) done();
    }
    this.#running = false;
  }

  async #process(batch: readonly Waiting<Connection>[]): Promise<void> {
    const steps = batch.map(({ event, connection }) => ({ connection, performed: this.#step(event) }));
    const effects = steps.flatMap(({ performed }) => performed.effects);
    const changes = collectChanges(effects);
    if (changes.size > 0) await this.#parts.persist(changes);
    if (effects.length > 0 && !(await this.#parts.confirm())) return;
    for (const { connection, performed } of steps) this.#perform(performed, connection);
  }

  #step(event: EngineEvent): PerformedStep {
    const before = this.#state;
    const nowMs = this.#parts.now();
    const { state, effects } = this.#parts.step(before, event, { nowMs, chance: this.#parts.chance });
    this.#state = state;
    return { event, before, state, effects, nowMs };
  }

  /** Whoever was told to end while the store was writing does nothing more. */
  #perform(performed: PerformedStep, connection: Connection): void {
    if (this.#parts.signal.aborted) return;
    const { frameworkId } = performed.state;
    for (const effect of performed.effects)
      if (effect.kind !== 'persist') this.#parts.perform(effect, { frameworkId, connection });
    this.#parts.observe(performed);
  }
}
