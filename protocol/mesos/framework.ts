/** Mesos `FrameworkInfo`, `MasterInfo`, `AgentInfo`, `Offer` and `InverseOffer` (mesos.proto, v1). */
import type { Attribute, Labels, Resource, Value } from './resource.ts';

/** Where a machine stands (`--domain`). */
export interface Domain {
  readonly fault_domain?: {
    readonly region: { readonly name: string };
    readonly zone: { readonly name: string };
  };
}

/** Per role; less than one of these is not offered: OR between list entries, AND inside (since 1.8). */
export interface OfferFilters {
  readonly min_allocatable_resources?: {
    readonly quantities?: readonly { readonly quantities?: Readonly<Record<string, Value<number>>> }[];
  };
}

export interface Capability {
  readonly type: string;
}

export interface FrameworkInfo {
  readonly user: string;
  readonly name: string;
  readonly id?: Value<string>;
  /** Seconds that a disconnected framework keeps its tasks. */
  readonly failover_timeout?: number;
  readonly checkpoint?: boolean;
  readonly roles?: readonly string[];
  readonly hostname?: string;
  readonly principal?: string;
  readonly webui_url?: string;
  readonly capabilities?: readonly Capability[];
  readonly labels?: Labels;
  readonly offer_filters?: Readonly<Record<string, OfferFilters>>;
}

export interface Address {
  readonly hostname?: string;
  readonly ip?: string;
  readonly port: number;
}

export interface MasterInfo {
  readonly id: string;
  readonly ip: number;
  readonly port: number;
  readonly pid?: string;
  readonly hostname?: string;
  readonly version?: string;
  readonly address?: Address;
  readonly domain?: Domain;
  readonly capabilities?: readonly Capability[];
}

export interface AgentInfo {
  readonly hostname: string;
  readonly port?: number;
  readonly resources?: readonly Resource[];
  readonly attributes?: readonly Attribute[];
  readonly id?: Value<string>;
  readonly domain?: Domain;
}

export interface Url {
  readonly scheme: string;
  readonly address: Address;
  readonly path?: string;
}

/** When an agent will be down (maintenance primitives). No duration: for an unknown time. */
export interface Unavailability {
  /** Since the epoch; beyond 2^53, so the low digits are rounded. */
  readonly start: { readonly nanoseconds: number };
  readonly duration?: { readonly nanoseconds: number };
}

/** A request to give resources back. No agent: it asks of all. */
export interface InverseOffer {
  readonly id: Value<string>;
  readonly framework_id: Value<string>;
  readonly agent_id?: Value<string>;
  readonly url?: Url;
  readonly unavailability: Unavailability;
  readonly resources?: readonly Resource[];
}

export interface Offer {
  readonly id: Value<string>;
  readonly framework_id: Value<string>;
  readonly agent_id: Value<string>;
  readonly hostname: string;
  readonly url?: Url;
  readonly domain?: Domain;
  readonly resources?: readonly Resource[];
  readonly attributes?: readonly Attribute[];
  readonly executor_ids?: readonly Value<string>[];
  readonly allocation_info?: { readonly role?: string };
  readonly unavailability?: Unavailability;
}
