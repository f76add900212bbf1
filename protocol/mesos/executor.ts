/** Calls and events of the v1 executor API (executor.proto; docs/executor-http-api.md of Mesos, corrected by its source). */
import type { AgentInfo, FrameworkInfo } from './framework.ts';
import type { Value } from './resource.ts';
import type { ExecutorInfo, KillPolicy, TaskInfo, TaskStatus } from './task.ts';

interface Identified {
  readonly executor_id: Value<string>;
  readonly framework_id: Value<string>;
}

/** An update as the executor sends it: `uuid` and `source` are required there. */
export interface ExecutorUpdate {
  readonly status: TaskStatus & { readonly uuid: string; readonly source: 'SOURCE_EXECUTOR' };
}

export type ExecutorCall =
  | (Identified & {
      readonly type: 'SUBSCRIBE';
      /** Mandatory even when empty. */
      readonly subscribe: {
        readonly unacknowledged_tasks: readonly TaskInfo[];
        readonly unacknowledged_updates: readonly ExecutorUpdate[];
      };
    })
  | (Identified & { readonly type: 'UPDATE'; readonly update: ExecutorUpdate })
  | (Identified & { readonly type: 'MESSAGE'; readonly message: { readonly data: string } });

export type ExecutorEvent =
  | {
      readonly type: 'SUBSCRIBED';
      readonly subscribed: {
        readonly executor_info: ExecutorInfo;
        readonly framework_info: FrameworkInfo;
        readonly agent_info: AgentInfo;
        readonly container_id?: Value<string>;
      };
    }
  | { readonly type: 'LAUNCH'; readonly launch: { readonly task: TaskInfo } }
  | {
      readonly type: 'KILL';
      readonly kill: { readonly task_id: Value<string>; readonly kill_policy?: KillPolicy };
    }
  | {
      readonly type: 'ACKNOWLEDGED';
      readonly acknowledged: { readonly task_id: Value<string>; readonly uuid: string };
    }
  | { readonly type: 'MESSAGE'; readonly message: { readonly data: string } }
  | { readonly type: 'SHUTDOWN' }
  | { readonly type: 'ERROR'; readonly error: { readonly message: string } }
  | { readonly type: 'HEARTBEAT' };
