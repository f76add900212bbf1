/** One place of a component, `worker-1`: it stays while tasks come and go in it. The record is what the state store keeps. */
import type { Resource } from '../../protocol/mesos/resource.ts';
import type { HostFacts } from './constraints/host-facts.ts';
import type { TaskState } from '../../protocol/mesos/task.ts';
import type { FailureRecord } from './failures/failure-record.ts';

export const INSTANCE_PHASES = [
  /** Wants a task. */
  'waiting',
  /** The intent is stored and the ACCEPT sent; Mesos has said nothing yet. */
  'launching',
  /** Mesos knows the task; the service is not ready. */
  'starting',
  /** TASK_RUNNING, which our executor sends only when the service answers. */
  'ready',
  'killing',
  /** Mesos lost sight of the task; it may come back until `replaceAtMs`. */
  'unreachable',
  /** TASK_ERROR: the same launch would be refused again. */
  'refused',
  'stopped',
] as const;

export type InstancePhase = (typeof INSTANCE_PHASES)[number];

export interface LaunchedTask {
  readonly taskId: string;
  readonly agentId: string;
  readonly hostname: string;
  /** What others use to reach it. */
  readonly host: string;
  readonly launchedAtMs: number;
  readonly resources: readonly Resource[];
  readonly executorResources: readonly Resource[];
  /** Addresses of the components it depends on as they were at its launch. */
  readonly upstream: string;
  /** SHA-256 of the executor bundle that it runs. */
  readonly bundleSha256: string;
  /** Digest of the component's configuration that it was launched with; unset on records of older schedulers. */
  readonly configuration?: string | undefined;
  /** What constraints look at: host, attributes, region and zone of its agent. */
  readonly facts?: HostFacts | undefined;
  /** Unset on records of older schedulers. */
  readonly killGraceMs?: number | undefined;
  /** The order to restart its whole component that it was launched after. */
  readonly restartOrder?: number | undefined;
  /** The agent has to fetch the executor bundle for it. */
  readonly fetching?: true | undefined;
}

export interface InstanceRecord {
  readonly version: 1;
  readonly name: string;
  readonly component: string;
  readonly index: number;
  readonly phase: InstancePhase;
  /** When the phase began. */
  readonly sinceMs: number;
  readonly task?: LaunchedTask | undefined;
  /** Once given they are asked for again. */
  readonly ports: Readonly<Record<string, number>>;
  /** Host of the last task: where the state of a pinned instance lies. */
  readonly hostname?: string | undefined;
  /** Of that host, while there is no task: the place of an instance that must come back counts for the others. */
  readonly hostFacts?: HostFacts | undefined;
  /** State directories on that host that hold formatted state. */
  readonly formatted: readonly string[];
  /** Reserved for it on its agent, as Mesos offers it back: volumes, and what else was reserved with them. */
  readonly reserved?: readonly Resource[] | undefined;
  /** Ids among `reserved` that Mesos has shown to exist: the instance lives where they are. */
  readonly reservedSeen?: readonly string[] | undefined;
  /** The operator holds it back: its task is stopped and none is launched. */
  readonly paused?: true | undefined;
  /** Host that it was moved off by an operator: not used for it again until it is ready elsewhere. */
  readonly leaving?: string | undefined;
  /** Digest of the configuration for which a rollout last stopped its task. */
  readonly restartedFor?: string | undefined;
  /** Ends in a row without a long run between them. */
  readonly failures: number;
  /** The last ends that were failures, oldest first. */
  readonly recentFailures?: readonly FailureRecord[] | undefined;
  /** Launches in a row that Mesos dropped before they started. */
  readonly drops?: number | undefined;
  /** No launch before. */
  readonly notBeforeMs: number;
  /** Tasks that were launched. */
  readonly launches: number;
  readonly lastState?: TaskState | undefined;
  /** `REASON_CONTAINER_LIMITATION_MEMORY` */
  readonly lastReason?: string | undefined;
  readonly lastMessage?: string | undefined;
  /** What the executor said of the present task: step times, ramdisk, pid. */
  readonly labels: Readonly<Record<string, string>>;
  readonly afterKill?: 'relaunch' | 'stop' | undefined;
  readonly killSentAtMs?: number | undefined;
  readonly readySinceMs?: number | undefined;
  readonly replaceAtMs?: number | undefined;
}

function nameInstance(component: string, index: number): string {
  return `${component}-${index}`;
}

/** Stands for the instance that a host without one would get of an every-agent component. */
export function nameOpenSlot(component: string): string {
  return `${component}-*`;
}

export function createInstance(component: string, index: number, nowMs: number): InstanceRecord {
  return {
    version: 1,
    name: nameInstance(component, index),
    component,
    index,
    phase: 'waiting',
    sinceMs: nowMs,
    ports: {},
    formatted: [],
    failures: 0,
    notBeforeMs: 0,
    launches: 0,
    labels: {},
  };
}
