/** One service as one Mesos framework: what Mesos says goes to the engine, what the engine decides goes to Mesos. */
import { StevedoreError } from '../protocol/errors.ts';
import type { SchedulerCall, SchedulerEvent } from '../protocol/mesos/scheduler.ts';
import { EventLog } from './api/event-log.ts';
import { toEvents } from './api/events.ts';
import { step } from './core/engine.ts';
import type { EngineEvent, EngineState } from './core/engine-state.ts';
import { performEffect } from './effect-interpreter.ts';
import {
  EngineLoop,
  type PerformSurroundings,
  type PerformableEffect,
  type PerformedStep,
} from './engine-loop.ts';
import { FrameworkEnd } from './framework-end.ts';
import { toFrameworkFacts } from './framework-facts.ts';
import { CallQueue, type CallSender } from './mesos/call-queue.ts';
import { FrameworkIntroduction } from './mesos/framework-introduction.ts';
import type { SchedulerStream } from './mesos/scheduler-stream.ts';
import { toEngineEvent } from './mesos-event.ts';
import { SchedulerMetrics } from './metrics/scheduler-metrics.ts';
import { PreparedConfigurations } from './prepared-configurations.ts';
import { type RunParts, createRunState } from './run-parts.ts';

type Connection = CallSender | undefined;

export class FrameworkRun {
  readonly metrics = new SchedulerMetrics();
  readonly events = new EventLog();
  readonly end: FrameworkEnd;
  readonly configurations = new PreparedConfigurations((event) => this.dispatch(event));
  readonly #parts: RunParts;
  readonly #calls: CallQueue;
  readonly #introduction: FrameworkIntroduction;
  readonly #loop: EngineLoop<Connection>;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.end = new FrameworkEnd(parts.signal);
    this.#introduction = new FrameworkIntroduction(parts.chosen.framework);
    this.#calls = new CallQueue(parts.log, (type, result) =>
      this.metrics.count('stevedore_calls_total', { type, result }),
    );
    this.#loop = this.#createLoop();
  }

  #createLoop(): EngineLoop<Connection> {
    return new EngineLoop<Connection>({
      state: createRunState(this.#parts, Date.now()),
      step: (state, event, moment) =>
        this.metrics.measure('stevedore_step_seconds', { event: event.kind }, () =>
          step(state, event, moment),
        ),
      persist: (changes) => this.#persist(changes),
      confirm: this.#parts.confirmLeadership,
      connection: () => this.#calls.sender,
      perform: (effect, around) => this.#perform(effect, around),
      observe: (performed) => this.#observe(performed),
      onFailure: (error) => this.end.fail(error),
      now: Date.now,
      chance: Math.random,
      signal: this.end.signal,
    });
  }

  async #persist(changes: ReadonlyMap<string, Uint8Array | null>): Promise<void> {
    const began = performance.now();
    await this.#parts.state.persist(changes);
    this.metrics.time('stevedore_store_write_seconds', (performance.now() - began) / 1000);
  }

  #perform(effect: PerformableEffect, { frameworkId, connection }: PerformSurroundings<Connection>): void {
    if (effect.kind === 'use-configuration') return this.configurations.use(effect.digest);
    if (effect.kind === 'prepare-configuration')
      return void this.configurations.prepareAgain(effect.snapshot);
    performEffect(effect, frameworkId, {
      log: this.#parts.log,
      calls: connection,
      surroundings: () => this.configurations.surroundings,
      onTornDown: () => void this.forget(),
    });
  }

  #observe(performed: PerformedStep): void {
    this.metrics.observe(performed);
    for (const event of toEvents(performed)) this.events.add(event, performed.nowMs);
    const { options } = this.#parts;
    const update =
      performed.state.connected && this.#introduction.update(toFrameworkFacts(performed.state, options));
    if (update) this.#calls.send(update);
  }

  get state(): EngineState {
    return this.#loop.state;
  }

  /** True while an instance has this task: then its token opens its artifacts. */
  hasTask(taskId: string): boolean {
    return this.state.instances.list().some(({ task }) => task?.taskId === taskId);
  }

  createSubscribe(): SchedulerCall {
    // A new subscription suppresses nothing: the engine says again what it does not want.
    const facts = { ...toFrameworkFacts(this.state, this.#parts.options), suppressedRoles: [] };
    return this.#introduction.subscribe(this.state.frameworkId, facts);
  }

  /** Resolves when everything that follows from the event was done. */
  async dispatch(event: EngineEvent): Promise<void> {
    if (!this.end.signal.aborted) await this.#loop.dispatch(event);
  }

  open(stream: SchedulerStream): void {
    this.#calls.use(stream);
  }

  close(reason: string): void {
    this.#calls.use(undefined);
    this.#introduction.disconnected();
    if (!this.end.signal.aborted) this.#parts.log.warn({ reason }, 'disconnected from the Mesos master');
    void this.dispatch({ kind: 'disconnected' });
  }

  receive(event: SchedulerEvent): void {
    this.metrics.hear(Date.now());
    if (event.type === 'SUBSCRIBED') return this.#subscribed(event.subscribed);
    if (event.type === 'ERROR') return this.#refused(event.error.message);
    const engineEvent = toEngineEvent(event);
    if (engineEvent !== undefined) void this.dispatch(engineEvent);
  }

  /** The framework is gone from Mesos, as asked. */
  forget(): Promise<void> {
    return this.end.tearDown(this.state.facts, this.#parts.state);
  }

  #subscribed(subscribed: Extract<SchedulerEvent, { type: 'SUBSCRIBED' }>['subscribed']): void {
    const frameworkId = subscribed.framework_id.value;
    const { address, hostname, port, version } = subscribed.master_info ?? {};
    const master = `${address?.hostname ?? hostname ?? ''}:${address?.port ?? port ?? ''}`;
    this.#parts.log.info({ frameworkId, master, version }, 'subscribed');
    this.#introduction.subscribed(frameworkId, version);
    void this.dispatch({ kind: 'subscribed', frameworkId, master });
  }

  /** Mesos ends a subscription with ERROR; subscribing again would only repeat it, or fight with another scheduler. */
  #refused(message: string): void {
    const frameworkId = this.state.frameworkId ?? '';
    if (/failed over/i.test(message))
      return this.end.fail(new StevedoreError('ERR_FRAMEWORK_FAILED_OVER', { frameworkId }));
    if (!/has been removed/i.test(message))
      return this.end.fail(new StevedoreError('ERR_FRAMEWORK_REFUSED', { message }));
    // The TEARDOWN was taken, by this scheduler or the one before it, and its answer was lost.
    if (this.state.mode !== 'running') return void this.forget();
    this.end.fail(new StevedoreError('ERR_FRAMEWORK_REMOVED', { frameworkId }));
  }
}
