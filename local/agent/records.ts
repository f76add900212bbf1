/** What the agent knows of its frameworks, executors and tasks. */
import type { FrameworkInfo } from '../../protocol/mesos/framework.ts';
import type { Resource } from '../../protocol/mesos/resource.ts';
import {
  type ExecutorInfo,
  isTerminal,
  type TaskInfo,
  type TaskState,
  type TaskStatus,
} from '../../protocol/mesos/task.ts';
import { identityOf } from '../../protocol/resources.ts';
import type { EventStream } from '../http/event-stream.ts';
import type { ProcessIdentity } from './processes.ts';
import type { UpdateQueue } from './update-queue.ts';

export interface AgentTask {
  readonly info: TaskInfo;
  /** Handed to the executor, as opposed to waiting for it to subscribe. */
  launched: boolean;
  /** Of the latest update, which the scheduler may not have been told yet. */
  state: TaskState;
  /** The latest update, which a master that must learn of the task is told. */
  status?: TaskStatus;
}

export type ExecutorState = 'REGISTERING' | 'RUNNING' | 'TERMINATING' | 'TERMINATED';

/** Why an executor is being ended by the agent; told about its live tasks. */
export interface Termination {
  readonly state: TaskState;
  readonly reason: string;
  readonly message: string;
}

export interface ExecutorRecord {
  readonly frameworkId: string;
  readonly id: string;
  readonly info: ExecutorInfo;
  readonly containerId: string;
  readonly directory: string;
  readonly user: string;
  /** The agent's own executor, of a task that has a command. */
  readonly builtIn: boolean;
  state: ExecutorState;
  process: ProcessIdentity | undefined;
  /** Processes that were seen below the executor, whatever session they are in by now. */
  readonly descendants: Map<number, ProcessIdentity>;
  stream: EventStream | undefined;
  readonly tasks: Map<string, AgentTask>;
  termination: Termination | undefined;
  /** Ends the fetching, or the waiting for a process that is not our child. */
  readonly abort: AbortController;
  timer: NodeJS.Timeout | undefined;
}

export interface FrameworkEntry {
  info: FrameworkInfo;
  readonly id: string;
  readonly executors: Map<string, ExecutorRecord>;
  /** By task id; also about tasks that this agent does not have. */
  readonly updates: Map<string, UpdateQueue>;
  /** Tasks that all is said about: what an executor repeats of them goes no further. */
  readonly finished: Set<string>;
  terminating: boolean;
}

export function liveTasks(executor: ExecutorRecord): AgentTask[] {
  return [...executor.tasks.values()].filter((task) => !isTerminal(task.state));
}

/** Of the executor itself and of its live tasks. */
export function resourcesInUse(executor: ExecutorRecord): Resource[] {
  const tasks = liveTasks(executor).flatMap(({ info }) => info.resources ?? []);
  return [...(executor.info.resources ?? []), ...tasks];
}

/** What nobody in the container uses once the task has ended. */
export function releasedBy(executor: ExecutorRecord, task: AgentTask): Resource[] {
  const used = new Set(resourcesInUse(executor).map(identityOf));
  return (task.info.resources ?? []).filter((resource) => !used.has(identityOf(resource)));
}
