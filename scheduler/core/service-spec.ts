/**
 * What a service (Alluxio, Flink, the fixture) says of itself, and all that the engine knows of it. A service is a pure
 * function from configuration to this; the engine places, launches, watches and restarts by it and knows no service.
 */
import type { ArtifactClass, ArtifactFormat } from '../../protocol/artifact.ts';
import type { PlacementRule } from './constraints/placement-rule.ts';
import type {
  CommandSpec,
  DirectorySpec,
  FileSpec,
  LaunchSpec,
  ProbeSpec,
} from '../../protocol/launch-spec.ts';

/** Where an artifact's bytes come from. The engine turns each into an entry of the artifact server before the first launch. */
export type ArtifactSource =
  /** An archive or file on the scheduler's host. */
  | { readonly kind: 'file'; readonly path: string }
  /** An upstream that is asked once; `sha256` pins it. */
  | { readonly kind: 'url'; readonly url: string; readonly sha256?: string }
  /** A directory that is packed once, under this top folder, without the entries of its first level that `exclude` names. */
  | {
      readonly kind: 'directory';
      readonly path: string;
      readonly topFolder: string;
      readonly exclude?: readonly string[];
    }
  /** Bytes made from configuration; kept in memory only. */
  | { readonly kind: 'bytes'; readonly fileName: string; readonly bytes: Uint8Array };

export interface ArtifactRequest {
  readonly name: string;
  readonly class: ArtifactClass;
  readonly format?: ArtifactFormat;
  readonly source: ArtifactSource;
  /** Made of the components' settings: those say which component a change of it concerns, its digest does not. */
  readonly fromSettings?: true;
}

/** A port that a task listens on. */
export interface PortRequest {
  readonly name: string;
  /** The number it has when free. */
  readonly preferred: number;
  /** True when the operator set it: then no other is taken, and an offer without it is refused with that reason. */
  readonly required: boolean;
  /** The key under which the operator sets it, for the explanation: `alluxio.master.rpc.port`. */
  readonly key: string;
  /**
   * True when the instance's state holds the number (a Raft member is named by host and port): any free one may be
   * given at first, but a relaunch waits for that one and takes no other.
   */
  readonly partOfState?: boolean;
}

/** What one task needs, without the executor's own 0.1 cpu and 160 MiB, which the engine adds everywhere. */
export interface ResourceRequest {
  readonly cpusMilli: number;
  readonly memMiB: number;
  readonly diskMiB: number;
  /** Further scalars by name: whole `gpus`, or what agents declare themselves. */
  readonly others?: Readonly<Record<string, number>>;
}

/** A persistent volume: reserved, made once, and found again by every later task of the instance. */
export interface VolumeRequest {
  readonly name: string;
  readonly sizeMiB: number;
  /** ROOT: the agent's own disk. PATH: a part of a disk that the operator declared. MOUNT: such a disk, whole. */
  readonly disk: 'ROOT' | 'PATH' | 'MOUNT';
  /**
   * One name in the sandbox, without a slash. The service's directories lie in it, `@{sandbox}/<containerPath>/data`: a
   * disk of its own may hold a `lost+found` beside them.
   */
  readonly containerPath: string;
}

/** A task of ours that is ready, as others see it. */
export interface PeerAddress {
  readonly instance: string;
  /** The advertised name or IP of its agent. */
  readonly host: string;
  readonly ports: Readonly<Record<string, number>>;
}

/** What placement has decided when a launch is rendered. */
export interface PlacedInstance {
  readonly cluster: string;
  readonly instance: string;
  readonly index: number;
  readonly taskId: string;
  readonly agentHostname: string;
  /** What others use to reach this task: host name or IP (key `address`). */
  readonly host: string;
  readonly ports: Readonly<Record<string, number>>;
  /** Ready tasks by component. */
  readonly peers: Readonly<Record<string, readonly PeerAddress[]>>;
  /** State directories that our store knows as formatted. */
  readonly formatted: readonly string[];
}

/** The part of a launch spec that the service writes. `artifacts` are names of requests. */
export interface ServiceLaunch {
  readonly artifacts: readonly string[];
  readonly files: readonly FileSpec[];
  readonly directories: readonly DirectorySpec[];
  readonly ramdisk?: NonNullable<LaunchSpec['ramdisk']>;
  readonly environment: Readonly<Record<string, string>>;
  readonly limits?: NonNullable<LaunchSpec['limits']>;
  readonly prepare: LaunchSpec['prepare'];
  readonly command: CommandSpec;
  readonly readiness: ProbeSpec;
  readonly killGraceMs: number;
}

export interface RolloutRule {
  /** `serial`: one at a time. `parallel`: so many at a time. `canary`: one, then `resume-plan` lets the others follow. */
  readonly strategy: 'serial' | 'canary' | { readonly parallel: number };
  /** A restarted instance counts when it was ready this long; unset: 10 s. */
  readonly stableForMs?: number;
  /** So many failures under a new version halt the rollout; unset: 1. */
  readonly maxFailures?: number;
}

/** One kind of task: master, worker. */
export interface ComponentSpec {
  readonly name: string;
  /** TaskInfo.name, as operators see it in Mesos: `AlluxioMaster`. */
  readonly taskName: string;
  /** A number, or one on every agent that fits. */
  readonly count: number | 'every-agent';
  readonly resources: ResourceRequest;
  readonly ports: readonly PortRequest[];
  /** Components whose instances must all be ready before one of these starts. */
  readonly after: readonly string[];
  /** At most one instance on a host. */
  readonly uniqueHost: boolean;
  /** Role whose offers it takes; unset: the framework's first. */
  readonly role?: string;
  /** Where its instances may lie, beyond what it needs. */
  readonly placement?: PlacementRule;
  /** An instance with volumes lives where they are. */
  readonly volumes?: readonly VolumeRequest[];
  /** What is reserved for an instance with volumes: these alone (unset), or its cpus, memory, disk and ports as well. */
  readonly reserve?: 'volumes' | 'all';
  /** What the operator set for it, without secrets: a plan names the keys that differ, and a difference is a restart. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The same of secrets: never shown, kept as a keyed hash. */
  readonly secretSettings?: Readonly<Record<string, string>>;
  /** Keys of `settings`, set or not, that its state depends on: they cannot change while it has state. */
  readonly fixedSettings?: readonly string[];
  /** Instances with state may be taken away when the count shrinks. */
  readonly allowDecommission?: boolean;
  /** How far `scale` may go; unset: as far as anybody wants. */
  readonly countBounds?: { readonly least?: number; readonly most?: number };
  /** How its instances are restarted when something changes; unset: one by one. */
  readonly rollout?: RolloutRule;
  /** Only this host, by the agent's host name. */
  readonly hostname?: string;
  /** An instance comes back on the host where its state lies. */
  readonly pinned: boolean;
  /** Asks Mesos for a private /dev/shm of this size, where agents have the isolator. MiB. */
  readonly shmMiB?: number;
  /** Port whose URL people open; the first ready instance's becomes the framework's web UI. */
  readonly webPort?: string;
  readonly launch: (placed: PlacedInstance) => ServiceLaunch;
}

export interface ServiceSpec {
  /** `alluxio`. */
  readonly service: string;
  /** Prefix of task ids and names of state: several clusters live side by side. */
  readonly cluster: string;
  readonly components: readonly ComponentSpec[];
  readonly artifacts: readonly ArtifactRequest[];
}

/** What every executor takes for itself. */
export const EXECUTOR_RESOURCES: ResourceRequest = { cpusMilli: 100, memMiB: 160, diskMiB: 0 };
