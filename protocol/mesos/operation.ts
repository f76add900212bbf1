/** Operations of an ACCEPT and what becomes of them (mesos.proto, v1). They apply in order; later ones use earlier results. */
import type { Resource, Value } from './resource.ts';
import type { TaskInfo } from './task.ts';

export interface LaunchOperation {
  readonly type: 'LAUNCH';
  readonly launch: { readonly task_infos: readonly TaskInfo[] };
}

/** With an id, Mesos reports the outcome as UPDATE_OPERATION_STATUS (since 1.5). */
interface Reported {
  readonly id?: Value<string>;
}

export interface ReserveOperation extends Reported {
  readonly type: 'RESERVE';
  readonly reserve: {
    /** Each with the reservation that it shall have; its principal is the framework's. */
    readonly resources: readonly Resource[];
    /** Since 1.10: of another reservation, in the same quantities. */
    readonly source?: readonly Resource[];
  };
}

export interface UnreserveOperation extends Reported {
  readonly type: 'UNRESERVE';
  /** Exactly as offered; neither used nor holding a volume. */
  readonly unreserve: { readonly resources: readonly Resource[] };
}

export interface CreateOperation extends Reported {
  readonly type: 'CREATE';
  /** Reserved disk with `disk.persistence` (id unique per role and agent) and `disk.volume` (RW, relative path). */
  readonly create: { readonly volumes: readonly Resource[] };
}

export interface DestroyOperation extends Reported {
  readonly type: 'DESTROY';
  readonly destroy: { readonly volumes: readonly Resource[] };
}

export type Operation =
  | LaunchOperation
  | ReserveOperation
  | UnreserveOperation
  | CreateOperation
  | DestroyOperation;

export type OperationState =
  | 'OPERATION_UNSUPPORTED'
  | 'OPERATION_PENDING'
  | 'OPERATION_FINISHED'
  | 'OPERATION_FAILED'
  | 'OPERATION_ERROR'
  | 'OPERATION_DROPPED'
  | 'OPERATION_UNREACHABLE'
  | 'OPERATION_GONE_BY_OPERATOR'
  | 'OPERATION_RECOVERING'
  | 'OPERATION_UNKNOWN';

export interface OperationStatus {
  readonly state: OperationState;
  readonly operation_id?: Value<string>;
  readonly message?: string;
  readonly converted_resources?: readonly Resource[];
  /** Base64 of 16 bytes; acknowledged without the object around it. Absent: nothing to acknowledge. */
  readonly uuid?: Value<string>;
  readonly agent_id?: Value<string>;
  readonly resource_provider_id?: Value<string>;
}
