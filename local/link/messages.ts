/** What master and agent tell each other over their own stream. Real Mesos uses its v0 protocol here; no client sees either. */
import type { Address, AgentInfo, FrameworkInfo } from '../../protocol/mesos/framework.ts';
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
  /** A scheduler subscribed again: unacknowledged updates are sent at once. */
  | { readonly type: 'UPDATE_FRAMEWORK'; readonly framework: FrameworkInfo }
  | { readonly type: 'PING' };
