/** What master and agent tell each other over their own stream. Real Mesos uses its v0 protocol here; no client sees either. */
import type { Address, AgentInfo, FrameworkInfo } from '../../protocol/mesos/framework.ts';
import type { OperationStatus } from '../../protocol/mesos/operation.ts';
import type { Resource } from '../../protocol/mesos/resource.ts';
import type { ResourceOperation } from '../operations.ts';
import type { ExecutorInfo, KillPolicy, TaskInfo, TaskState, TaskStatus } from '../../protocol/mesos/task.ts';

/** A task as the agent knows it, for a master that must learn of it again. */
export interface KnownTask {
  readonly frameworkId: string;
  readonly task: TaskInfo;
  readonly executorId: string;
  readonly state: TaskState;
  readonly status?: TaskStatus;
}

export interface KnownExecutor {
  readonly frameworkId: string;
  readonly info: ExecutorInfo;
}

export interface Registration {
  readonly type: 'REGISTER';
  readonly agent: AgentInfo;
  readonly address: Address;
  /** Set when the agent was registered before: it keeps its id. */
  readonly agentId?: string;
  readonly frameworks: readonly FrameworkInfo[];
  readonly executors: readonly KnownExecutor[];
  readonly tasks: readonly KnownTask[];
  /** With what operations made of the resources of the agent's flags. */
  readonly total: readonly Resource[];
}

export type AgentMessage =
  | Registration
  | {
      readonly type: 'UPDATE';
      readonly frameworkId: string;
      readonly status: TaskStatus;
      /** Where the task is by now; the update may be an older one that nobody acknowledged. */
      readonly latestState: TaskState;
    }
  | {
      readonly type: 'EXITED_EXECUTOR';
      readonly frameworkId: string;
      readonly executorId: string;
      /** As waitpid gives it: exit code times 256, or a signal; -1 when unknown. */
      readonly status: number;
    }
  | {
      readonly type: 'EXECUTOR_MESSAGE';
      readonly frameworkId: string;
      readonly executorId: string;
      readonly data: string;
    }
  | {
      readonly type: 'UPDATE_OPERATION_STATUS';
      readonly frameworkId: string;
      readonly status: OperationStatus;
    }
  | { readonly type: 'PONG' };

export type MasterMessage =
  | { readonly type: 'REGISTERED'; readonly agentId: string; readonly masterPid: string }
  | {
      readonly type: 'RUN_TASK';
      readonly framework: FrameworkInfo;
      readonly task: TaskInfo;
      readonly executor: ExecutorInfo;
    }
  | {
      readonly type: 'KILL_TASK';
      readonly frameworkId: string;
      readonly taskId: string;
      readonly killPolicy?: KillPolicy;
    }
  | { readonly type: 'SHUTDOWN_EXECUTOR'; readonly frameworkId: string; readonly executorId: string }
  | { readonly type: 'SHUTDOWN_FRAMEWORK'; readonly frameworkId: string }
  | {
      readonly type: 'ACKNOWLEDGE';
      readonly frameworkId: string;
      readonly taskId: string;
      readonly uuid: string;
    }
  | {
      readonly type: 'FRAMEWORK_MESSAGE';
      readonly frameworkId: string;
      readonly executorId: string;
      readonly data: string;
    }
  /** With an id the agent reports what became of it until that is acknowledged. */
  | {
      readonly type: 'APPLY_OPERATION';
      readonly frameworkId: string;
      readonly operation: ResourceOperation;
    }
  | { readonly type: 'ACKNOWLEDGE_OPERATION'; readonly uuid: string }
  /** Kills everything; its updates say why. */
  | { readonly type: 'DRAIN'; readonly markGone: boolean; readonly graceNanoseconds?: number }
  /** The end of draining: what is launched now may stay. */
  | { readonly type: 'REACTIVATE' }
  /** The agent is not wanted any more: all it runs ends, and it does not come back until it is started anew. */
  | { readonly type: 'SHUTDOWN'; readonly reason: string }
  /** A scheduler subscribed again: unacknowledged updates are sent at once. */
  | { readonly type: 'UPDATE_FRAMEWORK'; readonly framework: FrameworkInfo }
  | { readonly type: 'PING' };
