/** Calls and events of the v1 scheduler API (scheduler.proto; docs/scheduler-http-api.md of Mesos, corrected by its source). */
import type { FrameworkInfo, MasterInfo, Offer } from './framework.ts';
import type { Value } from './resource.ts';
import type { KillPolicy, TaskInfo, TaskStatus } from './task.ts';

export interface Filters {
  /** Seconds; Mesos takes 5 when unset, 0 for no filter. */
  readonly refuse_seconds?: number;
}

export interface LaunchOperation {
  readonly type: 'LAUNCH';
  readonly launch: { readonly task_infos: readonly TaskInfo[] };
}

export type Operation = LaunchOperation;

interface Subscribed {
  readonly framework_id: Value<string>;
}

export type SchedulerCall =
  | {
      readonly type: 'SUBSCRIBE';
      readonly framework_id?: Value<string>;
      readonly subscribe: {
        readonly framework_info: FrameworkInfo;
        readonly suppressed_roles?: readonly string[];
      };
    }
  | (Subscribed & { readonly type: 'TEARDOWN' })
  | (Subscribed & {
      readonly type: 'ACCEPT';
      readonly accept: {
        readonly offer_ids: readonly Value<string>[];
        readonly operations?: readonly Operation[];
        readonly filters?: Filters;
      };
    })
  | (Subscribed & {
      readonly type: 'DECLINE';
      readonly decline: { readonly offer_ids: readonly Value<string>[]; readonly filters?: Filters };
    })
  | (Subscribed & { readonly type: 'REVIVE'; readonly revive?: { readonly roles?: readonly string[] } })
  | (Subscribed & { readonly type: 'SUPPRESS'; readonly suppress?: { readonly roles?: readonly string[] } })
  | (Subscribed & {
      readonly type: 'KILL';
      readonly kill: {
        readonly task_id: Value<string>;
        readonly agent_id?: Value<string>;
        readonly kill_policy?: KillPolicy;
      };
    })
  | (Subscribed & {
      readonly type: 'SHUTDOWN';
      readonly shutdown: { readonly executor_id: Value<string>; readonly agent_id: Value<string> };
    })
  | (Subscribed & {
      readonly type: 'ACKNOWLEDGE';
      readonly acknowledge: {
        readonly agent_id: Value<string>;
        readonly task_id: Value<string>;
        readonly uuid: string;
      };
    })
  | (Subscribed & {
      readonly type: 'RECONCILE';
      readonly reconcile: {
        readonly tasks?: readonly { readonly task_id: Value<string>; readonly agent_id?: Value<string> }[];
      };
    })
  | (Subscribed & {
      readonly type: 'MESSAGE';
      readonly message: {
        readonly agent_id: Value<string>;
        readonly executor_id: Value<string>;
        readonly data: string;
      };
    });

export type SchedulerEvent =
  | {
      readonly type: 'SUBSCRIBED';
      readonly subscribed: {
        readonly framework_id: Value<string>;
        readonly heartbeat_interval_seconds?: number;
        readonly master_info?: MasterInfo;
      };
    }
  | { readonly type: 'OFFERS'; readonly offers: { readonly offers?: readonly Offer[] } }
  | { readonly type: 'RESCIND'; readonly rescind: { readonly offer_id: Value<string> } }
  | { readonly type: 'UPDATE'; readonly update: { readonly status: TaskStatus } }
  | {
      readonly type: 'MESSAGE';
      readonly message: {
        readonly agent_id: Value<string>;
        readonly executor_id: Value<string>;
        readonly data: string;
      };
    }
  | {
      readonly type: 'FAILURE';
      readonly failure: {
        readonly agent_id?: Value<string>;
        readonly executor_id?: Value<string>;
        readonly status?: number;
      };
    }
  | { readonly type: 'ERROR'; readonly error: { readonly message: string } }
  | { readonly type: 'HEARTBEAT' };
