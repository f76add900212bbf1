/** The agent's state and what is done to it from every side: updates, events to executors, ends of executors. */
import { randomUUID } from 'node:crypto';
import type { AgentInfo, Domain, FrameworkInfo } from '../../protocol/mesos/framework.ts';
import type { ExecutorEvent } from '../../protocol/mesos/executor.ts';
import type { Attribute, Resource } from '../../protocol/mesos/resource.ts';
import { isTerminal, type TaskState, type TaskStatus } from '../../protocol/mesos/task.ts';
import { parseUuid } from '../../protocol/mesos/uuid.ts';
import type { Channel } from '../link/channel.ts';
import type { AgentMessage, MasterMessage } from '../link/messages.ts';
import { EXECUTOR_API } from '../wire/api-proto.ts';
import { renderJson } from '../wire/render-json.ts';
import { Checkpoint } from './checkpoint.ts';
import { drainedStatus } from './draining.ts';
import { FetcherCache } from './fetcher-cache.ts';
import { OperationUpdates } from './operation-updates.ts';
import {
  type ExecutorRecord,
  type FrameworkEntry,
  liveTasks,
  releasedBy,
  resourcesInUse,
  type Termination,
} from './records.ts';
import { ResourceStore } from './resource-store.ts';
import { UpdateQueue } from './update-queue.ts';
import { linkVolumes, unlinkVolumes } from './volumes.ts';

export interface AgentOptions {
  /** `host:port` */
  readonly master: string;
  readonly ip: string;
  readonly hostname: string;
  readonly workDir: string;
  readonly resources: readonly Resource[];
  readonly attributes: readonly Attribute[];
  readonly domain?: Domain;
  readonly fetcherCacheDir: string;
  readonly executorEnvironment: Readonly<Record<string, string>>;
  readonly registrationTimeoutMs: number;
  readonly reregistrationTimeoutMs: number;
  readonly shutdownGraceMs: number;
  readonly updateRetryMs: number;
  readonly heartbeatMs: number;
  readonly reconnectMs: number;
}

/** The defaults of Mesos. */
export const AGENT_TIMES = {
  registrationTimeoutMs: 60_000,
  reregistrationTimeoutMs: 2000,
  shutdownGraceMs: 5000,
  updateRetryMs: 10_000,
  heartbeatMs: 30 * 60_000,
  reconnectMs: 500,
};

export class Agent {
  readonly options: AgentOptions;
  readonly checkpoint: Checkpoint;
  readonly fetcherCache: FetcherCache;
  readonly resources: ResourceStore;
  readonly operations: OperationUpdates;
  readonly frameworks = new Map<string, FrameworkEntry>();
  readonly startedMs = Date.now();
  /** Set by the first registration and kept for as long as the work directory lives. */
  id: string | undefined;
  port = 0;
  recovering = true;
  /** Set while an operator drains the agent: what is killed then is killed for that. */
  drain: { readonly markGone: boolean } | undefined;
  /** Aborted when the master does not want this agent any more. */
  readonly unwanted = new AbortController();
  channel: Channel<AgentMessage, MasterMessage> | undefined;

  constructor(options: AgentOptions) {
    this.options = options;
    this.checkpoint = new Checkpoint(options.workDir);
    this.fetcherCache = new FetcherCache(options.fetcherCacheDir);
    this.resources = new ResourceStore(this.checkpoint, options.workDir, options.resources);
    this.operations = new OperationUpdates(this.checkpoint, options.updateRetryMs, (pending) =>
      this.send({ type: 'UPDATE_OPERATION_STATUS', ...pending }),
    );
  }

  /** What is to be known of the agent before it knows anything else. */
  save(): void {
    const drain = this.drain === undefined ? {} : { drain: this.drain };
    this.checkpoint.saveAgent({ id: this.id, port: this.port, ...drain });
  }

  get info(): AgentInfo {
    const { hostname, resources, attributes, domain } = this.options;
    const id = this.id === undefined ? {} : { id: { value: this.id } };
    const place = domain === undefined ? {} : { domain };
    return { hostname, port: this.port, resources, attributes, ...id, ...place };
  }

  get executors(): ExecutorRecord[] {
    return [...this.frameworks.values()].flatMap((framework) => [...framework.executors.values()]);
  }

  send(message: AgentMessage): void {
    this.channel?.send(message);
  }

  sendEvent(executor: ExecutorRecord, event: ExecutorEvent): void {
    executor.stream?.send(renderJson(EXECUTOR_API, 'Event', event));
  }

  ensureFramework(info: FrameworkInfo): FrameworkEntry {
    const id = info.id?.value ?? '';
    const known = this.frameworks.get(id);
    const empty = { executors: new Map(), updates: new Map(), finished: new Set<string>() };
    const framework: FrameworkEntry = known ?? { id, info, ...empty, terminating: false };
    framework.info = info;
    this.frameworks.set(id, framework);
    this.checkpoint.saveFramework(framework);
    return framework;
  }

  /** The queue of a task's updates, with what a former agent process left of it. */
  queueOf(framework: FrameworkEntry, taskId: string, pending: readonly TaskStatus[] = []): UpdateQueue {
    const known = framework.updates.get(taskId);
    if (known !== undefined) return known;
    const send = (status: TaskStatus): void => {
      const latestState = this.#latestState(framework, taskId) ?? status.state;
      this.send({ type: 'UPDATE', frameworkId: framework.id, status, latestState });
    };
    const queue = new UpdateQueue(send, this.options.updateRetryMs, pending);
    framework.updates.set(taskId, queue);
    return queue;
  }

  #latestState(framework: FrameworkEntry, taskId: string): TaskState | undefined {
    for (const executor of framework.executors.values()) {
      const task = executor.tasks.get(taskId);
      if (task !== undefined) return task.state;
    }
    return undefined;
  }

  /** Stores an update, then sends it on. `executor` is unset when it is about a task that is not here. */
  publish(framework: FrameworkEntry, executor: ExecutorRecord | undefined, told: TaskStatus): void {
    const status = drainedStatus(told, this.drain, framework.info);
    const queue = this.queueOf(framework, status.task_id.value);
    const task = executor?.tasks.get(status.task_id.value);
    if (task !== undefined) Object.assign(task, { state: status.state, status });
    queue.add(status);
    this.checkpoint.saveFramework(framework);
    if (executor !== undefined) this.checkpoint.saveExecutor(executor);
    if (executor !== undefined && task !== undefined && isTerminal(status.state))
      unlinkVolumes(this.options.workDir, executor.directory, releasedBy(executor, task));
    queue.advance();
  }

  /** @throws Error when something is in the way of a volume. */
  linkVolumes(executor: ExecutorRecord): void {
    linkVolumes(this.options.workDir, executor.directory, resourcesInUse(executor));
  }

  /** An update that the agent itself makes. */
  agentStatus(taskId: string, told: Termination, executorId?: string): TaskStatus {
    return {
      task_id: { value: taskId },
      state: told.state,
      message: told.message,
      source: 'SOURCE_AGENT',
      reason: told.reason,
      ...(this.id === undefined ? {} : { agent_id: { value: this.id } }),
      ...(executorId === undefined ? {} : { executor_id: { value: executorId } }),
      timestamp: Date.now() / 1000,
      uuid: parseUuid(randomUUID()).toString('base64'),
    };
  }

  acknowledge(frameworkId: string, taskId: string, uuid: string): void {
    const framework = this.frameworks.get(frameworkId);
    const queue = framework?.updates.get(taskId);
    const terminal = queue?.pending[0] !== undefined && isTerminal(queue.pending[0].state);
    if (framework === undefined || queue === undefined || !queue.acknowledge(uuid)) return;
    const idle = queue.pending.length === 0 && this.#latestState(framework, taskId) === undefined;
    if (terminal || idle) this.#forgetTask(framework, taskId);
    this.checkpoint.saveFramework(framework);
    queue.advance();
    this.#forgetEmpty(framework);
  }

  #forgetTask(framework: FrameworkEntry, taskId: string): void {
    framework.updates.get(taskId)?.stop();
    framework.updates.delete(taskId);
    framework.finished.add(taskId);
    for (const executor of framework.executors.values())
      if (executor.tasks.delete(taskId)) this.checkpoint.saveExecutor(executor);
  }

  /** Executors that ended go when the last word about their tasks was heard, frameworks with their last executor. */
  #forgetEmpty(framework: FrameworkEntry): void {
    for (const executor of framework.executors.values()) {
      if (executor.state !== 'TERMINATED' || executor.tasks.size > 0) continue;
      framework.executors.delete(executor.id);
      this.checkpoint.removeExecutor(executor);
    }
    if (framework.executors.size > 0 || (framework.updates.size > 0 && !framework.terminating)) return;
    for (const queue of framework.updates.values()) queue.stop();
    this.frameworks.delete(framework.id);
    this.checkpoint.removeFramework(framework.id);
  }

  /** The master's word that it does not want this agent: what comes back here is another. Reservations stay. */
  disown(): void {
    this.id = undefined;
    this.drain = undefined;
    this.save();
    this.unwanted.abort();
    this.channel?.close();
  }

  /** The executor's processes are gone: its end is told first, then that of its tasks. */
  finish(executor: ExecutorRecord, status: number): void {
    if (executor.state === 'TERMINATED') return;
    const framework = this.frameworks.get(executor.frameworkId);
    executor.state = 'TERMINATED';
    clearTimeout(executor.timer);
    executor.stream?.end();
    executor.stream = undefined;
    this.send({
      type: 'EXITED_EXECUTOR',
      frameworkId: executor.frameworkId,
      executorId: executor.id,
      status,
    });
    if (framework === undefined) return;
    this.#endTasks(framework, executor);
    this.checkpoint.saveExecutor(executor);
    this.#forgetEmpty(framework);
  }

  #endTasks(framework: FrameworkEntry, executor: ExecutorRecord): void {
    const told = executor.termination ?? {
      state: 'TASK_FAILED',
      reason: 'REASON_EXECUTOR_TERMINATED',
      message: 'Executor terminated',
    };
    if (framework.terminating) executor.tasks.clear();
    for (const task of liveTasks(executor)) {
      const status = this.agentStatus(task.info.task_id.value, told as Termination, executor.id);
      this.publish(framework, executor, status);
    }
  }

  /** Ends timers and connections; executors run on, as under an agent that was killed. */
  stop(): void {
    this.channel?.close();
    this.operations.stop();
    for (const framework of this.frameworks.values())
      for (const queue of framework.updates.values()) queue.stop();
    for (const executor of this.executors) {
      clearTimeout(executor.timer);
      executor.abort.abort();
    }
  }
}
