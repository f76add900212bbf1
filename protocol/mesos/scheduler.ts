/** Calls and events of the v1 scheduler API (scheduler.proto; docs/scheduler-http-api.md of Mesos, corrected by its source). */
import type { FrameworkInfo, InverseOffer, MasterInfo, Offer } from './framework.ts';
import type { OfferConstraints } from './offer-constraints.ts';
import type { Operation, OperationStatus } from './operation.ts';
import type { Value } from './resource.ts';
import type { KillPolicy, TaskStatus } from './task.ts';

export interface Filters {
  /** Seconds; Mesos takes 5 when unset, 0 for no filter. */
  readonly refuse_seconds?: number;
}

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
        /** Since 1.11; older masters ignore it. */
        readonly offer_constraints?: OfferConstraints;
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
  | (Subscribed & {
      readonly type: 'ACCEPT_INVERSE_OFFERS';
      readonly accept_inverse_offers: {
        readonly inverse_offer_ids: readonly Value<string>[];
        readonly filters?: Filters;
      };
    })
  | (Subscribed & {
      readonly type: 'DECLINE_INVERSE_OFFERS';
      readonly decline_inverse_offers: {
        readonly inverse_offer_ids: readonly Value<string>[];
        readonly filters?: Filters;
      };
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
      readonly type: 'ACKNOWLEDGE_OPERATION_STATUS';
      readonly acknowledge_operation_status: {
        /** Mesos insists on it although the message says optional. */
        readonly agent_id: Value<string>;
        readonly resource_provider_id?: Value<string>;
        /** Base64, not the object that the event has. */
        readonly uuid: string;
        readonly operation_id: Value<string>;
      };
    })
  | (Subscribed & {
      readonly type: 'RECONCILE_OPERATIONS';
      readonly reconcile_operations: {
        readonly operations?: readonly {
          readonly operation_id: Value<string>;
          readonly agent_id?: Value<string>;
          readonly resource_provider_id?: Value<string>;
        }[];
      };
    })
  | (Subscribed & {
      /** Since 1.9; answered with 200, and `framework_info.id` must be there. */
      readonly type: 'UPDATE_FRAMEWORK';
      readonly update_framework: {
        readonly framework_info: FrameworkInfo;
        readonly suppressed_roles?: readonly string[];
        readonly offer_constraints?: OfferConstraints;
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
  | {
      readonly type: 'INVERSE_OFFERS';
      readonly inverse_offers: { readonly inverse_offers?: readonly InverseOffer[] };
    }
  | {
      readonly type: 'RESCIND_INVERSE_OFFER';
      readonly rescind_inverse_offer: { readonly inverse_offer_id: Value<string> };
    }
  | {
      readonly type: 'UPDATE_OPERATION_STATUS';
      readonly update_operation_status: { readonly status: OperationStatus };
    }
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
