/**
 * The executor's side of the v1 executor API: subscribes, hands on events, keeps what is unacknowledged, and comes back
 * when the stream breaks: at a random delay, since an agent that restarts waits only seconds for its executors.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { renderDuration } from '../../../protocol/duration.ts';
import { StevedoreError } from '../../../protocol/errors.ts';
import type { ExecutorEvent, ExecutorUpdate } from '../../../protocol/mesos/executor.ts';
import type { TaskInfo } from '../../../protocol/mesos/task.ts';
import type { AgentEnvironment } from '../../core/agent-environment.ts';
import { acknowledge, addTask, addUpdate, EMPTY_QUEUE, type UpdateQueue } from '../../core/update-queue.ts';
import type { Log } from '../log.ts';
import { type AgentAddress, openAgentAddress } from './agent-call.ts';
import { followSubscription } from './subscription.ts';
import { UpdateSender } from './update-sender.ts';

/** Without checkpointing an agent gives an executor this long to register (executor_registration_timeout). */
const REGISTRATION_LIMIT_MS = 60_000;

export interface ConnectionParts {
  readonly environment: AgentEnvironment;
  readonly onEvent: (event: ExecutorEvent) => void;
  /** Every update was acknowledged. */
  readonly onDrained: () => void;
  readonly random: () => number;
  readonly log: Log;
}

export class AgentConnection {
  readonly #parts: ConnectionParts;
  readonly #address: AgentAddress;
  readonly #sender: UpdateSender;
  #queue: UpdateQueue = EMPTY_QUEUE;
  #subscribed = false;
  #everSubscribed = false;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    const { environment, log } = parts;
    this.#address = openAgentAddress(environment);
    const [queue, subscribed] = [() => this.#queue, () => this.#subscribed];
    this.#sender = new UpdateSender({ environment, address: this.#address, queue, subscribed, log });
  }

  /** The task is named at a re-subscription until one of its updates is acknowledged. */
  addTask(task: TaskInfo): void {
    this.#queue = addTask(this.#queue, task);
  }

  send(update: ExecutorUpdate): void {
    this.#queue = addUpdate(this.#queue, update);
    this.#sender.wake();
  }

  /**
   * Keeps the connection until the signal ends it.
   * @throws StevedoreError ERR_AGENT_LOST, ERR_AGENT_GONE, ERR_AGENT_REFUSED when there is no agent to report to.
   */
  async run(signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const sending = this.#sender.run(AbortSignal.any([signal, ended.signal]));
    try {
      await this.#subscribeForever(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      ended.abort();
      await sending;
      this.#address.calls.destroy();
    }
  }

  async #subscribeForever(signal: AbortSignal): Promise<void> {
    const { environment, log, random } = this.#parts;
    const onEvent = (event: ExecutorEvent) => this.#take(event);
    let aloneSinceMs = performance.now();
    // An absence of minutes is many attempts with one reason.
    let lastProblem = '';
    for (;;) {
      const [address, queue] = [this.#address, this.#queue];
      const problem = await followSubscription({ environment, address, queue, onEvent, signal });
      signal.throwIfAborted();
      if (this.#subscribed) [aloneSinceMs, lastProblem] = [performance.now(), ''];
      this.#subscribed = false;
      if (problem !== lastProblem) log(`no connection to the agent: ${problem}`);
      lastProblem = problem;
      this.#judgeAbsence(performance.now() - aloneSinceMs, problem);
      await sleep(random() * environment.subscriptionBackoffMaxMs, undefined, { signal });
    }
  }

  #judgeAbsence(aloneMs: number, problem: string): void {
    const { endpoint, checkpoint, recoveryTimeoutMs } = this.#parts.environment;
    if (!checkpoint && this.#everSubscribed) throw new StevedoreError('ERR_AGENT_GONE', { endpoint });
    if (aloneMs < (checkpoint ? recoveryTimeoutMs : REGISTRATION_LIMIT_MS)) return;
    throw new StevedoreError('ERR_AGENT_LOST', { endpoint, after: renderDuration(aloneMs), problem });
  }

  #take(event: ExecutorEvent): void {
    if (event.type === 'SUBSCRIBED') {
      this.#subscribed = true;
      this.#everSubscribed = true;
      this.#sender.wake();
    }
    if (event.type === 'ACKNOWLEDGED') {
      const { task_id, uuid } = event.acknowledged;
      this.#queue = acknowledge(this.#queue, task_id.value, uuid);
      if (this.#queue.updates.length === 0) this.#parts.onDrained();
    }
    this.#parts.onEvent(event);
  }
}
