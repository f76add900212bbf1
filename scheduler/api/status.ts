/** What the API says: the shapes of its JSON. */
import type { EngineState, TimedEvaluation } from '../core/engine-state.ts';
import { explainWaiting } from '../core/explain.ts';
import { type InstancePhase, type InstanceRecord, nameOpenSlot } from '../core/instance.ts';
import { type PlanPhase, orderComponents, toPlanPhase } from '../core/plan.ts';

export interface InstanceStatus {
  readonly name: string;
  readonly component: string;
  readonly phase: InstancePhase;
  readonly sinceMs: number;
  readonly taskId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly hostname?: string | undefined;
  /** What others reach it by. */
  readonly host?: string | undefined;
  readonly ports: Readonly<Record<string, number>>;
  readonly webUrl?: string | undefined;
  readonly restarts: number;
  readonly failures: number;
  readonly lastState?: string | undefined;
  readonly lastMessage?: string | undefined;
  /** Why it has no task. */
  readonly waiting?: string | undefined;
  /** The task runs another executor bundle than new tasks get. */
  readonly oldBundle: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

export interface StatusReport {
  readonly service: string;
  readonly cluster: string;
  readonly pid: number;
  readonly connected: boolean;
  readonly master?: string | undefined;
  readonly frameworkId?: string | undefined;
  readonly phase: PlanPhase;
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly instances: readonly InstanceStatus[];
}

export interface ExplainedInstance {
  readonly name: string;
  readonly waiting?: string | undefined;
  readonly offers: readonly TimedEvaluation[];
}

export interface ExplainReport {
  readonly instances: readonly ExplainedInstance[];
}

export interface TeardownReport {
  readonly tornDown: true;
  readonly frameworkId?: string | undefined;
}

export interface Accepted {
  readonly accepted: true;
}

function toWebUrl(state: EngineState, instance: InstanceRecord): string | undefined {
  const component = state.settings.spec.components.find(({ name }) => name === instance.component);
  const port = instance.ports[component?.webPort ?? ''];
  const host = instance.task?.host;
  if (host === undefined || port === undefined || instance.phase !== 'ready') return undefined;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/`;
}

function toInstanceStatus(state: EngineState, instance: InstanceRecord, nowMs: number): InstanceStatus {
  const { name, component, phase, sinceMs, task, ports, failures, lastState, labels } = instance;
  return {
    name,
    component,
    phase,
    sinceMs,
    taskId: task?.taskId,
    agentId: task?.agentId,
    hostname: instance.hostname,
    host: task?.host,
    ports,
    webUrl: toWebUrl(state, instance),
    restarts: Math.max(0, instance.launches - 1),
    failures,
    lastState,
    lastMessage: instance.lastMessage,
    waiting: explainWaiting(state, instance, nowMs),
    oldBundle: task !== undefined && task.bundleSha256 !== state.settings.bundleSha256,
    labels,
  };
}

/** In the order in which components start. */
function listOrdered(state: EngineState): InstanceRecord[] {
  const order = orderComponents(state.settings.spec).map(({ name }) => name);
  return Object.values(state.instances).sort(
    (a, b) => order.indexOf(a.component) - order.indexOf(b.component) || a.index - b.index,
  );
}

export function toStatusReport(
  state: EngineState,
  process: { readonly pid: number; readonly startedAtMs: number },
  nowMs: number,
): StatusReport {
  const { spec } = state.settings;
  return {
    service: spec.service,
    cluster: spec.cluster,
    pid: process.pid,
    connected: state.connected,
    master: state.master,
    frameworkId: state.frameworkId,
    phase: state.mode === 'running' ? toPlanPhase(spec, state.instances) : 'tearing-down',
    startedAtMs: process.startedAtMs,
    nowMs,
    instances: listOrdered(state).map((instance) => toInstanceStatus(state, instance, nowMs)),
  };
}

/** The first ready instance that has a page for people becomes the framework's. */
export function findWebUrl(state: EngineState): string | undefined {
  return listOrdered(state)
    .map((instance) => toWebUrl(state, instance))
    .find((url) => url !== undefined);
}

/** Every stage of the last offers, for each instance that waits and for hosts that have none yet. */
export function toExplainReport(state: EngineState, nowMs: number): ExplainReport {
  const waiting = listOrdered(state).map((instance) => ({
    name: instance.name,
    waiting: explainWaiting(state, instance, nowMs),
    offers: state.evaluations[instance.name] ?? [],
  }));
  const open = state.settings.spec.components
    .filter(({ count }) => count === 'every-agent')
    .map(({ name }) => ({ name: nameOpenSlot(name), offers: state.evaluations[nameOpenSlot(name)] ?? [] }));
  return { instances: [...waiting, ...open] };
}
