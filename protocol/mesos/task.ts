/** Mesos `TaskInfo`, `ExecutorInfo`, `CommandInfo` and `TaskStatus` (mesos.proto, v1). */
import type { Labels, Resource, Value } from './resource.ts';

/** What the agent's fetcher gets into the sandbox before the command runs (docs/fetcher.md of Mesos). */
export interface CommandUri {
  readonly value: string;
  readonly executable?: boolean;
  readonly extract?: boolean;
  readonly cache?: boolean;
  readonly output_file?: string;
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
  readonly type?: 'VALUE' | 'SECRET';
}

export interface CommandInfo {
  readonly value?: string;
  /** Unset means true: `/bin/sh -c value`. */
  readonly shell?: boolean;
  readonly arguments?: readonly string[];
  readonly uris?: readonly CommandUri[];
  readonly environment?: { readonly variables?: readonly EnvironmentVariable[] };
  readonly user?: string;
}

export interface ContainerInfo {
  readonly type: 'MESOS' | 'DOCKER';
  readonly hostname?: string;
  readonly linux_info?: {
    readonly ipc_mode?: 'PRIVATE' | 'SHARE_PARENT';
    /** MiB. */
    readonly shm_size?: number;
  };
}

/** Nanoseconds may exceed 2^53 on the wire; `parseMesosJson` rounds them, which no decision of ours notices. */
export interface DurationInfo {
  readonly nanoseconds: number;
}

export interface KillPolicy {
  readonly grace_period?: DurationInfo;
}

export interface ExecutorInfo {
  readonly type?: 'DEFAULT' | 'CUSTOM';
  readonly executor_id: Value<string>;
  readonly framework_id?: Value<string>;
  readonly command?: CommandInfo;
  readonly container?: ContainerInfo;
  readonly resources?: readonly Resource[];
  readonly name?: string;
  readonly source?: string;
  readonly data?: string;
  readonly shutdown_grace_period?: DurationInfo;
  readonly labels?: Labels;
}

export interface DiscoveryPort {
  readonly number: number;
  readonly name?: string;
  readonly protocol?: string;
}

export interface TaskInfo {
  readonly name: string;
  readonly task_id: Value<string>;
  readonly agent_id: Value<string>;
  readonly resources?: readonly Resource[];
  readonly executor?: ExecutorInfo;
  readonly command?: CommandInfo;
  readonly container?: ContainerInfo;
  readonly kill_policy?: KillPolicy;
  /** Base64; our launch spec. */
  readonly data?: string;
  readonly labels?: Labels;
  readonly discovery?: {
    readonly visibility: 'FRAMEWORK' | 'CLUSTER' | 'EXTERNAL';
    readonly name?: string;
    readonly ports?: { readonly ports?: readonly DiscoveryPort[] };
  };
}

export const TASK_STATES = [
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_UNREACHABLE',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
  'TASK_UNKNOWN',
] as const;

export type TaskState = (typeof TASK_STATES)[number];

const TERMINAL: ReadonlySet<TaskState> = new Set<TaskState>([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
]);

/** True for states after which Mesos sends no other of the same task. UNREACHABLE and UNKNOWN may still come back. */
export function isTerminal(state: TaskState): boolean {
  return TERMINAL.has(state);
}

export interface ContainerStatus {
  readonly container_id?: Value<string>;
  readonly network_infos?: readonly {
    readonly ip_addresses?: readonly { readonly protocol?: string; readonly ip_address?: string }[];
  }[];
  readonly executor_pid?: number;
}

export interface TaskStatus {
  readonly task_id: Value<string>;
  readonly state: TaskState;
  readonly message?: string;
  readonly source?: 'SOURCE_MASTER' | 'SOURCE_AGENT' | 'SOURCE_EXECUTOR';
  readonly reason?: string;
  readonly data?: string;
  readonly agent_id?: Value<string>;
  readonly executor_id?: Value<string>;
  /** Seconds since the epoch, with a fraction. */
  readonly timestamp?: number;
  /** Base64 of 16 bytes. Absent: nothing to acknowledge. */
  readonly uuid?: string;
  readonly healthy?: boolean;
  readonly labels?: Labels;
  readonly container_status?: ContainerStatus;
}
