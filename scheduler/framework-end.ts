/** How a run ends: stopped, torn down, or because it cannot go on. */
import { StevedoreError } from '../protocol/errors.ts';
import type { EngineFacts } from './core/engine-facts.ts';
import type { EngineState } from './core/engine-state.ts';
import { type FailedTasks, renderFailedTasks } from './core/failures/failed-tasks.ts';
import type { Logger } from './log.ts';
import type { SchedulerState } from './state/scheduler-state.ts';

/** What is still reserved belongs to the next framework of this state. */
const KEPT_FACTS = new Set(['reservationOwner', 'released']);

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

export class FrameworkEnd {
  readonly #end = new AbortController();
  readonly #tornDown = Promise.withResolvers<void>();
  #isTornDown = false;
  #failure: unknown;

  constructor(signal: AbortSignal) {
    if (signal.aborted) this.stop();
    signal.addEventListener('abort', () => this.stop(), { once: true });
  }

  /** Aborted when this scheduler is to end, for whatever reason. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  stop(): void {
    this.#end.abort();
  }

  fail(error: unknown): void {
    this.#failure ??= error;
    this.stop();
  }

  /** @throws what made it end, for whoever is told that something was done. */
  refuseFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Mesos has removed the framework as asked: the state forgets it. */
  async tearDown(facts: EngineFacts, state: SchedulerState): Promise<void> {
    const change = { frameworkId: null, changed: [], removed: [], facts: forgetService(facts) };
    try {
      await state.persistTornDown(change, Date.now());
      this.#isTornDown = true;
      this.#tornDown.resolve();
      this.stop();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Resolves when the framework is gone. @throws StevedoreError ERR_TEARDOWN_TIMEOUT */
  async awaitTeardown(timeoutMs: number, describeProblem: () => string): Promise<void> {
    const { promise, reject } = Promise.withResolvers<never>();
    const refuse = () =>
      reject(
        new StevedoreError('ERR_TEARDOWN_TIMEOUT', { seconds: timeoutMs / 1000, problem: describeProblem() }),
      );
    const timer = setTimeout(refuse, timeoutMs);
    try {
      await Promise.race([this.#tornDown.promise, promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The exit status. @throws what made it end. */
  finish({ facts, mode }: EngineState, log: Logger): number {
    this.refuseFailed();
    if (this.#isTornDown && facts.failedTasks?.exceeded !== undefined)
      throw toFailedTasksError(facts.failedTasks);
    const rest = mode === 'running' ? 'tasks keep running' : 'the next start goes on with the teardown';
    log.info({}, this.#isTornDown ? 'torn down' : `stopped; ${rest}`);
    return 0;
  }
}
