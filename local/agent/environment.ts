/** The environment of an executor, name by name as a real agent gives it. Nothing of the agent's own is inherited. */
import type { ExecutorInfo } from '../../protocol/mesos/task.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Units of Mesos' durations, the largest first (stout's duration.hpp). */
const UNITS: readonly [string, number][] = [
  ['weeks', 604_800_000],
  ['days', 86_400_000],
  ['hrs', 3_600_000],
  ['mins', 60_000],
  ['secs', 1000],
];

/** `5000` as `5secs`, `90000` as `1.5mins`. */
export function renderMesosDuration(ms: number): string {
  const [unit, size] = UNITS.find((candidate) => ms >= candidate[1]) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}

export interface ContainerPlace {
  readonly agentId: string;
  readonly ip: string;
  readonly port: number;
  readonly frameworkId: string;
  readonly sandbox: string;
  readonly checkpoint: boolean;
  readonly shutdownGraceMs: number;
}

function commandVariables(info: ExecutorInfo): Record<string, string> {
  const variables = info.command?.environment?.variables ?? [];
  const plain = variables.filter((variable) => variable.value !== undefined);
  return Object.fromEntries(plain.map((variable) => [variable.name, variable.value as string]));
}

/** Milliseconds between SHUTDOWN and the end. */
export function shutdownGraceMs(info: ExecutorInfo, defaultMs: number): number {
  const wanted = info.shutdown_grace_period;
  return wanted === undefined ? defaultMs : wanted.nanoseconds / 1e6;
}

/** `extra` is what the agent's operator adds for every executor. */
export function renderEnvironment(
  info: ExecutorInfo,
  place: ContainerPlace,
  extra: Readonly<Record<string, string>>,
): Record<string, string> {
  const graceMs = shutdownGraceMs(info, place.shutdownGraceMs);
  const recovery = { MESOS_RECOVERY_TIMEOUT: '15mins', MESOS_SUBSCRIPTION_BACKOFF_MAX: '2secs' };
  return {
    PATH,
    ...extra,
    LIBPROCESS_IP: place.ip,
    LIBPROCESS_PORT: '0',
    MESOS_AGENT_ENDPOINT: `${place.ip}:${place.port}`,
    MESOS_CHECKPOINT: place.checkpoint ? '1' : '0',
    MESOS_DIRECTORY: place.sandbox,
    MESOS_EXECUTOR_ID: info.executor_id.value,
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: renderMesosDuration(graceMs),
    MESOS_FRAMEWORK_ID: place.frameworkId,
    MESOS_HTTP_COMMAND_EXECUTOR: '0',
    MESOS_SANDBOX: place.sandbox,
    MESOS_SLAVE_ID: place.agentId,
    MESOS_SLAVE_PID: `slave(1)@${place.ip}:${place.port}`,
    ...(place.checkpoint ? recovery : {}),
    ...commandVariables(info),
  };
}
