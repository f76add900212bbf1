/** One service as one Mesos framework: events of Mesos and of operators go to the engine, its end is told to the outside. */
import { StevedoreError, messageOf } from '../protocol/errors.ts';
import type { SchedulerCall, SchedulerEvent } from '../protocol/mesos/scheduler.ts';
import type { SchedulerControl } from './api/server.ts';
import {
  type ExplainReport,
  type StatusReport,
  type TeardownReport,
  findWebUrl,
  toExplainReport,
  toStatusReport,
} from './api/status.ts';
import { step } from './core/engine.ts';
import type { EngineFacts } from './core/engine-facts.ts';
import { type EngineEvent, type EngineState, createEngineState } from './core/engine-state.ts';
import { type FailedTasks, renderFailedTasks } from './core/failures/failed-tasks.ts';
import type { OperatorAction } from './core/operator-action.ts';
import { judgeAction } from './core/operators/judge-action.ts';
import { type PlanReport, toPlanReport } from './core/rollout/plan-report.ts';
import { planChange } from './core/rollout/planned-change.ts';
import type { LaunchSurroundings } from './core/task-info.ts';
import { DEFAULT_TIMING } from './core/timing.ts';
import { RELEASE_MS } from './core/volumes/teardown-release.ts';
import { performEffect } from './effect-interpreter.ts';
import { EngineLoop } from './engine-loop.ts';
import { type ChosenConfiguration, describeUnprepared } from './configuration-choice.ts';
import type { PreparedConfiguration } from './configuration-preparation.ts';
import type { Logger } from './log.ts';
import { CallQueue } from './mesos/call-queue.ts';
import { toSubscribeCall } from './mesos/framework-info.ts';
import type { SchedulerStream } from './mesos/scheduler-stream.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import { type SchedulerState, toRecordChanges } from './state/scheduler-state.ts';

/** Tasks get this long to end by themselves before Mesos is told to remove the framework. */
const TEARDOWN_GRACE_MS = 45_000;
const TEARDOWN_TIMEOUT_MS = TEARDOWN_GRACE_MS + RELEASE_MS + 10_000;
/** What is still reserved belongs to the next framework of this state. */
const KEPT_FACTS = new Set(['reservationOwner', 'released']);

interface RunParts {
  readonly options: SchedulerOptions;
  /** The configuration that it begins with, before its artifacts are ready. */
  readonly chosen: ChosenConfiguration;
  readonly state: SchedulerState;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

function createState({ options, chosen, state }: RunParts, nowMs: number): EngineState {
  const { spec, framework } = chosen;
  const { address, bundle } = options;
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const { roles, principal } = framework;
  const { sha256: bundleSha256, sizeBytes: bundleBytes } = bundle.manifest;
  const { maximumFailedTasks } = options;
  const settings = {
    spec,
    roles,
    principal,
    address,
    bundleSha256,
    bundleBytes,
    maximumFailedTasks,
    timing,
  };
  return createEngineState(settings, state.stored, nowMs);
}

/** All but what a later service needs, and why this one was given up, which the next start tells. */
function forgetService(facts: EngineFacts): EngineFacts {
  const isKept = (name: string) =>
    KEPT_FACTS.has(name) || (name === 'failedTasks' && facts.failedTasks?.exceeded !== undefined);
  const forgotten = Object.keys(facts).filter((name) => !isKept(name));
  return Object.fromEntries(forgotten.map((name) => [name, undefined]));
}

function toFailedTasksError(failed: FailedTasks): StevedoreError {
  return new StevedoreError('ERR_MAXIMUM_FAILED_TASKS', {
    count: failed.count,
    maximum: failed.exceeded?.maximum,
    failures: renderFailedTasks(failed).join('; '),
  });
}

export class FrameworkRun implements SchedulerControl {
  readonly #parts: RunParts;
  readonly #calls: CallQueue;
  readonly #end = new AbortController();
  readonly #startedAtMs = Date.now();
  readonly #tornDown = Promise.withResolvers<void>();
  readonly #loop: EngineLoop;
  /** Of configurations that are ready, by digest; the engine says from when on one is used. */
  readonly #prepared = new Map<string, LaunchSurroundings>();
  #surroundings: LaunchSurroundings | undefined;
  /** Makes the configuration of a stored snapshot ready. */
  #prepareAgain: ((snapshot: string) => Promise<PreparedConfiguration>) | undefined;
  #isTornDown = false;
  #failure: unknown;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#calls = new CallQueue(parts.log);
    this.#loop = this.#createLoop();
    if (parts.signal.aborted) this.#end.abort();
    parts.signal.addEventListener('abort', () => this.#end.abort(), { once: true });
  }

  #createLoop(): EngineLoop {
    const { state, log } = this.#parts;
    const interpreter = {
      log,
      calls: this.#calls,
      surroundings: () => this.#surroundings as LaunchSurroundings,
      onTornDown: () => void this.#finishTeardown(),
    };
    return new EngineLoop({
      state: createState(this.#parts, this.#startedAtMs),
      step,
      persist: (changes) => state.persist(changes),
      perform: (effect, frameworkId) => {
        if (effect.kind === 'use-configuration') this.#surroundings = this.#prepared.get(effect.digest);
        else if (effect.kind === 'prepare-configuration') void this.#prepare(effect.snapshot);
        else performEffect(effect, frameworkId, interpreter);
      },
      observe: () => undefined,
      onFailure: (error) => this.#fail(error),
      now: Date.now,
      chance: Math.random,
      signal: this.#end.signal,
    });
  }

  get #state(): EngineState {
    return this.#loop.state;
  }

  /** Aborted when this scheduler is to end, for whatever reason. */
  get ended(): AbortSignal {
    return this.#end.signal;
  }

  /** Nothing is launched any more, so nothing is to be made ready for it. */
  get isTearingDown(): boolean {
    return this.#state.mode !== 'running';
  }

  /** Once, before Mesos is spoken to. */
  setPreparation(prepare: (snapshot: string) => Promise<PreparedConfiguration>): void {
    this.#prepareAgain = prepare;
  }

  /** Resolves when launches are of this configuration. */
  async configure(prepared: PreparedConfiguration): Promise<void> {
    const { surroundings, ...given } = prepared;
    this.#prepared.set(given.description.digest, surroundings);
    await this.dispatch({ kind: 'configured', ...given });
  }

  async #prepare(snapshot: string): Promise<void> {
    try {
      const prepared = await this.#prepareAgain?.(snapshot);
      if (prepared !== undefined) await this.configure(prepared);
    } catch (error) {
      await this.dispatch({ kind: 'configuration-failed', problem: messageOf(error) });
    }
  }

  /** True while an instance has this task: then its token opens its artifacts. */
  hasTask(taskId: string): boolean {
    return Object.values(this.#state.instances).some(({ task }) => task?.taskId === taskId);
  }

  createSubscribe(): SchedulerCall {
    const { framework } = this.#parts.chosen;
    return toSubscribeCall(framework, this.#state.frameworkId, findWebUrl(this.#state));
  }

  /** Resolves when everything that follows from the event was done. */
  async dispatch(event: EngineEvent): Promise<void> {
    if (!this.#end.signal.aborted) await this.#loop.dispatch(event);
  }

  open(stream: SchedulerStream): void {
    this.#calls.use(stream);
  }

  close(reason: string): void {
    this.#calls.use(undefined);
    if (!this.#end.signal.aborted) this.#parts.log.warn({ reason }, 'disconnected from the Mesos master');
    void this.dispatch({ kind: 'disconnected' });
  }

  receive(event: SchedulerEvent): void {
    switch (event.type) {
      case 'SUBSCRIBED':
        return this.#subscribed(event.subscribed);
      case 'OFFERS':
        return void this.dispatch({ kind: 'offers', offers: event.offers.offers ?? [] });
      case 'UPDATE':
        return void this.dispatch({ kind: 'update', status: event.update.status });
      case 'FAILURE': {
        const { agent_id, executor_id } = event.failure;
        return void this.dispatch({
          kind: 'failure',
          agentId: agent_id?.value,
          executorId: executor_id?.value,
        });
      }
      case 'INVERSE_OFFERS':
        return void this.dispatch({
          kind: 'inverse-offers',
          offers: event.inverse_offers.inverse_offers ?? [],
        });
      case 'RESCIND_INVERSE_OFFER': {
        const inverseOfferId = event.rescind_inverse_offer.inverse_offer_id.value;
        return void this.dispatch({ kind: 'rescind-inverse-offer', inverseOfferId });
      }
      case 'ERROR':
        return this.#refused(event.error.message);
      // Offers are answered at once, so a rescinded one is gone already; nothing of ours sends messages.
      case 'RESCIND':
      case 'UPDATE_OPERATION_STATUS':
      case 'MESSAGE':
      case 'HEARTBEAT':
        return;
    }
  }

  /** The exit status. @throws what made it end. */
  finish(): number {
    if (this.#failure !== undefined) throw this.#failure;
    const { facts, mode } = this.#state;
    if (this.#isTornDown && facts.failedTasks?.exceeded !== undefined)
      throw toFailedTasksError(facts.failedTasks);
    const rest = mode === 'running' ? 'tasks keep running' : 'the next start goes on with the teardown';
    this.#parts.log.info({}, this.#isTornDown ? 'torn down' : `stopped; ${rest}`);
    return 0;
  }

  status(): StatusReport {
    return toStatusReport(this.#state, { pid: process.pid, startedAtMs: this.#startedAtMs }, Date.now());
  }

  plan(): PlanReport {
    return toPlanReport(this.#state, Date.now());
  }

  /** What this configuration would do; nothing is changed. @throws what building it throws */
  planChange(snapshot: string): PlanReport {
    const { options, chosen, state } = this.#parts;
    const spec = options.configuration.build(snapshot);
    const { framework } = chosen;
    const description = describeUnprepared({ framework, state, snapshot }, spec);
    return planChange(this.#state, { spec, description }, Date.now());
  }

  explain(): ExplainReport {
    return toExplainReport(this.#state, Date.now());
  }

  /** Resolves when it was done or begun. @throws StevedoreError why it cannot be done now */
  async act(action: OperatorAction): Promise<void> {
    const problem = judgeAction(this.#state, action);
    if (problem !== undefined) throw problem;
    await this.dispatch({ kind: 'operator', action });
  }

  stop(): void {
    this.#end.abort();
  }

  async teardown(): Promise<TeardownReport> {
    const { frameworkId } = this.#state;
    if (frameworkId === undefined) await this.#finishTeardown();
    else await this.act({ kind: 'teardown', graceMs: TEARDOWN_GRACE_MS });
    const { promise, reject } = Promise.withResolvers<never>();
    const problem = this.#state.connected ? 'tasks still run' : 'there is no connection to the Mesos master';
    const timer = setTimeout(
      () =>
        reject(new StevedoreError('ERR_TEARDOWN_TIMEOUT', { seconds: TEARDOWN_TIMEOUT_MS / 1000, problem })),
      TEARDOWN_TIMEOUT_MS,
    );
    try {
      await Promise.race([this.#tornDown.promise, promise]);
      return { tornDown: true, frameworkId };
    } finally {
      clearTimeout(timer);
    }
  }

  #subscribed(subscribed: Extract<SchedulerEvent, { type: 'SUBSCRIBED' }>['subscribed']): void {
    const frameworkId = subscribed.framework_id.value;
    const { address, hostname, port, version } = subscribed.master_info ?? {};
    const master = `${address?.hostname ?? hostname ?? ''}:${address?.port ?? port ?? ''}`;
    this.#parts.log.info({ frameworkId, master, version }, 'subscribed');
    void this.dispatch({ kind: 'subscribed', frameworkId, master });
  }

  /** Mesos ends a subscription with ERROR; subscribing again would only repeat it, or fight with another scheduler. */
  #refused(message: string): void {
    const frameworkId = this.#state.frameworkId ?? '';
    if (/failed over/i.test(message))
      return this.#fail(new StevedoreError('ERR_FRAMEWORK_FAILED_OVER', { frameworkId }));
    if (!/has been removed/i.test(message))
      return this.#fail(new StevedoreError('ERR_FRAMEWORK_REFUSED', { message }));
    // The TEARDOWN was taken, by this scheduler or the one before it, and its answer was lost.
    if (this.#state.mode !== 'running') return void this.#finishTeardown();
    this.#fail(new StevedoreError('ERR_FRAMEWORK_REMOVED', { frameworkId }));
  }

  async #finishTeardown(): Promise<void> {
    const { facts } = this.#state;
    const forgotten = forgetService(facts);
    const change = { frameworkId: null, changed: [], removed: [], facts: forgotten };
    try {
      await this.#parts.state.persist(toRecordChanges(change));
      this.#isTornDown = true;
      this.#tornDown.resolve();
      this.#end.abort();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#end.abort();
  }
}
