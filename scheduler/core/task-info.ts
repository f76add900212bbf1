/** Renders a planned launch as Mesos wants it: TaskInfo with our launch spec, and an executor of its own. */
import type { ArtifactManifestEntry, ArtifactRef } from '../../protocol/artifact.ts';
import { LAUNCH_SPEC_VERSION, type LaunchSpec, renderLaunchSpec } from '../../protocol/launch-spec.ts';
import type { CommandInfo, ExecutorInfo, KillPolicy, TaskInfo } from '../../protocol/mesos/task.ts';
import { renderLabels } from '../../protocol/status-labels.ts';
import type { PlannedLaunch } from './engine-effects.ts';
import type { ServiceSpec } from './service-spec.ts';

/** The agent kills the executor this long after the service's own grace is over. */
const EXECUTOR_GRACE_MS = 10_000;

/** What all launches of this scheduler share. */
export interface LaunchSurroundings {
  readonly spec: ServiceSpec;
  readonly user: string;
  readonly servers: readonly string[];
  readonly trust: readonly string[];
  readonly executorCommand: CommandInfo;
  /** Registered artifacts by the name of their request. */
  readonly artifacts: Readonly<Record<string, ArtifactManifestEntry>>;
  readonly createToken: (taskId: string, sha256: string) => string;
}

function toArtifactRef(name: string, taskId: string, around: LaunchSurroundings): ArtifactRef {
  const entry = around.artifacts[name];
  if (entry === undefined)
    throw new Error(`the service asks for artifact '${name}', which it does not declare`);
  const ref = { name, ...entry };
  return entry.class === 'secret' ? { ...ref, token: around.createToken(taskId, entry.sha256) } : ref;
}

function toLaunchSpec(planned: PlannedLaunch, around: LaunchSurroundings): LaunchSpec {
  const { placed, launch, component } = planned;
  const { ramdisk, limits } = launch;
  return {
    version: LAUNCH_SPEC_VERSION,
    cluster: placed.cluster,
    service: around.spec.service,
    component: component.name,
    instance: placed.instance,
    taskId: placed.taskId,
    servers: [...around.servers],
    trust: [...around.trust],
    artifacts: launch.artifacts.map((name) => toArtifactRef(name, placed.taskId, around)),
    files: [...launch.files],
    directories: [...launch.directories],
    ...(ramdisk === undefined ? {} : { ramdisk }),
    ports: { ...placed.ports },
    addresses: Object.fromEntries(
      Object.values(placed.peers)
        .flat()
        .map(({ instance, host }) => [instance, host]),
    ),
    environment: { ...launch.environment },
    ...(limits === undefined ? {} : { limits }),
    prepare: launch.prepare,
    command: launch.command,
    readiness: launch.readiness,
    killGraceMs: launch.killGraceMs,
  };
}

export function toKillPolicy(graceMs: number): KillPolicy {
  return { grace_period: { nanoseconds: graceMs * 1e6 } };
}

/** One executor per task. */
export function toExecutorId(taskId: string): string {
  return `${taskId}.executor`;
}

function toExecutor(planned: PlannedLaunch, around: LaunchSurroundings, frameworkId: string): ExecutorInfo {
  const { placed, launch } = planned;
  return {
    type: 'CUSTOM',
    executor_id: { value: toExecutorId(placed.taskId) },
    framework_id: { value: frameworkId },
    name: `stevedore ${placed.instance}`,
    source: placed.cluster,
    command: { ...around.executorCommand, user: around.user },
    resources: planned.placement.executor,
    shutdown_grace_period: { nanoseconds: (launch.killGraceMs + EXECUTOR_GRACE_MS) * 1e6 },
  };
}

/** @throws Error when the service names an artifact that it did not declare. */
export function toTaskInfo(
  planned: PlannedLaunch,
  around: LaunchSurroundings,
  frameworkId: string,
): TaskInfo {
  const { placed, launch, component, placement } = planned;
  const { cluster, instance } = placed;
  const ports = Object.entries(placed.ports).map(([name, number]) => ({ number, name, protocol: 'tcp' }));
  return {
    name: component.taskName,
    task_id: { value: placed.taskId },
    agent_id: { value: planned.agentId },
    resources: placement.task,
    executor: toExecutor(planned, around, frameworkId),
    kill_policy: toKillPolicy(launch.killGraceMs),
    data: renderLaunchSpec(toLaunchSpec(planned, around)),
    labels: renderLabels({ cluster, service: around.spec.service, component: component.name, instance }),
    discovery: { visibility: 'CLUSTER', name: `${instance}.${cluster}`, ports: { ports } },
  };
}
