/** Mesos `Resource` and what it is made of, as the v1 JSON API spells it (mesos.proto, v1). */

/** One inclusive range, as of `ports`. */
export interface Range {
  readonly begin: number;
  readonly end: number;
}

/** Who set a resource aside: STATIC by the agent's flags, DYNAMIC by an operation. The last entry of a stack owns it. */
export interface Reservation {
  readonly type: 'STATIC' | 'DYNAMIC';
  readonly role: string;
  readonly principal?: string;
  readonly labels?: Labels;
}

export interface Label {
  readonly key: string;
  readonly value?: string;
}

export interface Labels {
  readonly labels?: readonly Label[];
}

export interface DiskInfo {
  readonly persistence?: { readonly id: string; readonly principal?: string };
  readonly volume?: { readonly mode: 'RW' | 'RO'; readonly container_path: string };
  readonly source?: {
    readonly type: string;
    readonly path?: { readonly root?: string };
    readonly mount?: { readonly root?: string };
    readonly id?: string;
    readonly profile?: string;
    readonly vendor?: string;
  };
}

/** `mem` and `disk` are in MiB although Mesos calls them MB; scalars have three decimal digits. */
export interface Resource {
  readonly name: string;
  readonly type: 'SCALAR' | 'RANGES' | 'SET';
  readonly scalar?: { readonly value: number };
  readonly ranges?: { readonly range?: readonly Range[] };
  readonly set?: { readonly item?: readonly string[] };
  readonly allocation_info?: { readonly role?: string };
  readonly reservations?: readonly Reservation[];
  readonly disk?: DiskInfo;
  readonly revocable?: Record<string, never>;
  readonly shared?: Record<string, never>;
  readonly provider_id?: Value<string>;
}

/** Every id of Mesos is an object with a `value`. */
export interface Value<T> {
  readonly value: T;
}

export interface Attribute {
  readonly name: string;
  readonly type: 'SCALAR' | 'RANGES' | 'SET' | 'TEXT';
  readonly scalar?: Value<number>;
  readonly text?: Value<string>;
  readonly ranges?: { readonly range?: readonly Range[] };
  readonly set?: { readonly item?: readonly string[] };
}
