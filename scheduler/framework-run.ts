/** The engine at work: events of Mesos, the API and the clock go in, effects are performed, one step after the other. */
import { StevedoreError } from '../protocol/errors.ts';
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
import { type EngineEvent, type EngineState, createEngineState } from './core/engine-state.ts';
import type { InstanceRecord } from './core/instance.ts';
import type { LaunchSurroundings } from './core/task-info.ts';
import { DEFAULT_TIMING } from './core/timing.ts';
import { performEffect } from './effect-interpreter.ts';
import type { Logger } from './log.ts';
import { CallQueue } from './mesos/call-queue.ts';
import { toSubscribeCall } from './mesos/framework-info.ts';
import type { SchedulerStream } from './mesos/scheduler-stream.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import type { StateStore } from './state/state-store.ts';

/** Tasks get this long to end by themselves before Mesos is told to remove the framework. */
const TEARDOWN_GRACE_MS = 45_000;
const TEARDOWN_TIMEOUT_MS = TEARDOWN_GRACE_MS + 10_000;

interface RunParts {
  readonly options: SchedulerOptions;
  readonly store: StateStore;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

function createState({ options, store }: RunParts, nowMs: number): EngineState {
  const { spec, framework, address, bundle } = options;
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const settings = { spec, role: framework.role, address, bundleSha256: bundle.manifest.sha256, timing };
  return createEngineState(settings, store.read(), nowMs);
}

export class FrameworkRun implements SchedulerControl {
  readonly #parts: RunParts;
  readonly #calls: CallQueue;
  readonly #end = new AbortController();
  readonly #startedAtMs = Date.now();
  readonly #tornDown = Promise.withResolvers<void>();
  #state: EngineState;
  #surroundings: LaunchSurroundings | undefined;
  #failure: unknown;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#calls = new CallQueue(parts.log);
    this.#state = createState(parts, this.#startedAtMs);
    if (parts.signal.aborted) this.#end.abort();
    parts.signal.addEventListener('abort', () => this.#end.abort(), { once: true });
  }

  /** Aborted when this scheduler is to end, for whatever reason. */
  get ended(): AbortSignal {
    return this.#end.signal;
  }

  setSurroundings(surroundings: LaunchSurroundings): void {
    this.#surroundings = surroundings;
  }

  /** True while an instance has this task: then its token opens its artifacts. */
  hasTask(taskId: string): boolean {
    return Object.values(this.#state.instances).some(({ task }) => task?.taskId === taskId);
  }

  createSubscribe(): SchedulerCall {
    const { framework } = this.#parts.options;
    return toSubscribeCall(framework, this.#state.frameworkId, findWebUrl(this.#state));
  }

  /** One step. A store that fails ends the scheduler before it acts on what it could not keep. */
  dispatch(event: EngineEvent): void {
    if (this.#end.signal.aborted) return;
    try {
      const { state, effects } = step(this.#state, event, { nowMs: Date.now(), chance: Math.random });
      this.#state = state;
      for (const effect of effects) performEffect(effect, state.frameworkId, this.#interpreter());
    } catch (error) {
      this.#fail(error);
    }
  }

  open(stream: SchedulerStream): void {
    this.#calls.use(stream);
  }

  close(reason: string): void {
    this.#calls.use(undefined);
    if (!this.#end.signal.aborted) this.#parts.log.warn({ reason }, 'disconnected from the Mesos master');
    this.dispatch({ kind: 'disconnected' });
  }

  receive(event: SchedulerEvent): void {
    switch (event.type) {
      case 'SUBSCRIBED':
        return this.#subscribed(event.subscribed);
      case 'OFFERS':
        return this.dispatch({ kind: 'offers', offers: event.offers.offers ?? [] });
      case 'UPDATE':
        return this.dispatch({ kind: 'update', status: event.update.status });
      case 'FAILURE': {
        const { agent_id, executor_id } = event.failure;
        return this.dispatch({ kind: 'failure', agentId: agent_id?.value, executorId: executor_id?.value });
      }
      case 'ERROR':
        return this.#refused(event.error.message);
      // Offers are answered at once, so a rescinded one is gone already; nothing of ours sends messages.
      case 'RESCIND':
      case 'MESSAGE':
      case 'HEARTBEAT':
        return;
    }
  }

  /** The exit status. @throws what made it end. */
  finish(): number {
    if (this.#failure !== undefined) throw this.#failure;
    this.#parts.log.info({}, this.#state.mode === 'torn-down' ? 'torn down' : 'stopped; tasks keep running');
    return 0;
  }

  status(): StatusReport {
    return toStatusReport(this.#state, { pid: process.pid, startedAtMs: this.#startedAtMs }, Date.now());
  }

  explain(): ExplainReport {
    return toExplainReport(this.#state, Date.now());
  }

  restart(instance: string): void {
    this.#find(instance);
    this.dispatch({ kind: 'restart', instance });
  }

  forget(instance: string): void {
    const { phase } = this.#find(instance);
    if (phase !== 'waiting' && phase !== 'refused')
      throw new StevedoreError('ERR_INSTANCE_IN_USE', { instance, phase });
    this.dispatch({ kind: 'forget', instance });
  }

  #find(name: string): InstanceRecord {
    const { instances } = this.#state;
    const instance = instances[name];
    if (instance !== undefined) return instance;
    const known = Object.keys(instances).join(', ');
    throw new StevedoreError('ERR_INSTANCE_UNKNOWN', { instance: name, known });
  }

  stop(): void {
    this.#end.abort();
  }

  async teardown(): Promise<TeardownReport> {
    const { frameworkId } = this.#state;
    if (frameworkId === undefined) this.#finishTeardown();
    else this.dispatch({ kind: 'teardown', graceMs: TEARDOWN_GRACE_MS });
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

  #interpreter() {
    const { store, log, options } = this.#parts;
    return {
      store,
      log,
      calls: this.#calls,
      role: options.framework.role,
      surroundings: () => this.#surroundings as LaunchSurroundings,
      onTornDown: () => this.#finishTeardown(),
    };
  }

  #subscribed(subscribed: Extract<SchedulerEvent, { type: 'SUBSCRIBED' }>['subscribed']): void {
    const frameworkId = subscribed.framework_id.value;
    const { address, hostname, port, version } = subscribed.master_info ?? {};
    const master = `${address?.hostname ?? hostname ?? ''}:${address?.port ?? port ?? ''}`;
    this.#parts.log.info({ frameworkId, master, version }, 'subscribed');
    this.dispatch({ kind: 'subscribed', frameworkId, master });
  }

  /** Mesos ends a subscription with ERROR; subscribing again would only repeat it, or fight with another scheduler. */
  #refused(message: string): void {
    const frameworkId = this.#state.frameworkId ?? '';
    if (/failed over/i.test(message))
      return this.#fail(new StevedoreError('ERR_FRAMEWORK_FAILED_OVER', { frameworkId }));
    if (!/has been removed/i.test(message))
      return this.#fail(new StevedoreError('ERR_FRAMEWORK_REFUSED', { message }));
    if (this.#state.mode === 'torn-down') return this.#finishTeardown();
    this.#fail(new StevedoreError('ERR_FRAMEWORK_REMOVED', { frameworkId }));
  }

  #finishTeardown(): void {
    this.#parts.store.persist({ frameworkId: null, changed: [], removed: [] });
    this.#tornDown.resolve();
    this.#end.abort();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#end.abort();
  }
}
