/** What a scheduler runs with, past the door: checked, compiled, no text left to parse. */
import type { BundleManifest } from '../protocol/bundle.ts';
import type { MaximumFailedTasks } from './core/failures/failed-tasks.ts';
import type { ServiceSpec } from './core/service-spec.ts';
import type { Timing } from './core/timing.ts';
import type { ApiOptions } from './api/open-api.ts';
import type { MasterAccessOptions } from './mesos/master-options.ts';
import type { StateLocation } from './state/state-location.ts';

export interface FrameworkOptions {
  readonly name: string;
  /** Mesos roles that offers are asked for; the first is that of components that name none, `*` is everybody's. */
  readonly roles: readonly [string, ...string[]];
  /** Operating-system user of the tasks. */
  readonly user: string;
  readonly principal?: string;
  /** File that holds the principal's secret and nothing else; a final newline is ignored. */
  readonly secretFile?: string;
  /** The same from configuration, kept in memory only; `secretFile` is not read then. */
  readonly secret?: string;
  readonly failoverTimeoutSeconds: number;
  /** Beyond what the engine always needs. */
  readonly capabilities?: readonly ('GPU_RESOURCES' | 'REVOCABLE_RESOURCES' | 'REGION_AWARE')[];
  readonly labels?: Readonly<Record<string, string>>;
  /** Host that Mesos shows for the scheduler; unset: Mesos finds it. */
  readonly hostname?: string;
  /** Page that Mesos links the framework to; unset: that of the service. */
  readonly webUrl?: string;
}

export interface ServerOptions {
  readonly bindHost: string;
  /** 0: any free one. */
  readonly tlsPort: number;
  /** Plain HTTP for the bundle and other public artifacts. 0: any free one. */
  readonly plainPort: number;
  /** Unset: the local end of the connection to the Mesos master. */
  readonly advertisedHost?: string;
  /** Where packed and pulled artifacts lie by digest. */
  readonly storeDirectory: string;
}

export interface BundleOptions {
  readonly archivePath: string;
  readonly manifest: BundleManifest;
  /** A mirror that serves the same archive; unset: our own plain port. */
  readonly url?: string;
  /** What all agents together get of it at first, for launch waves; it is measured then. Unset: 64 MiB/s. */
  readonly firstBytesPerSecond?: number;
}

/** A service as plain text that it can be built from again after years: the resolved settings of all sources. */
export interface ConfigurationSource {
  readonly cluster: string;
  /** Without secrets, which `build` takes from what the operator gives now; kept as a protected record all the same. */
  readonly snapshot: string;
  /** When it was read. A standby may lead long after that: what came into force since is newer. */
  readonly readAtMs?: number;
  /** Pure. @throws StevedoreError, StevedoreErrors what is wrong with it */
  readonly build: (snapshot: string) => ServiceSpec;
}

export interface SchedulerOptions {
  /** Any form that `parseMasterSpec` reads. */
  readonly master: string;
  readonly masterAccess?: MasterAccessOptions;
  readonly configuration: ConfigurationSource;
  readonly framework: FrameworkOptions;
  readonly server: ServerOptions;
  readonly bundle: BundleOptions;
  /** SQLite, lock, API socket, certificates. Mode 0700. */
  readonly stateDirectory: string;
  /** Where the state is kept; unset: SQLite in the state directory. */
  readonly state?: StateLocation;
  /** The API over TCP; unset: on its socket in the state directory only. */
  readonly api?: ApiOptions;
  /** What tasks tell each other as their address. */
  readonly address: 'hostname' | 'ip';
  /** Forget a framework id that Mesos has removed, and with it the tasks that it had. */
  readonly newFramework?: boolean;
  /** One more failed task than this and the service is torn down, with exit status 1; unset or -1: any number may fail. */
  readonly maximumFailedTasks?: MaximumFailedTasks;
  /** Tell masters what they need not offer (`offer_constraints` of Mesos 1.11); unset: no. */
  readonly offerConstraints?: boolean;
  /** Differences from the engine's own waiting times. */
  readonly timing?: Partial<Timing>;
}
