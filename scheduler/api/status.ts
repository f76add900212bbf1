/** What the API says: the shapes of its JSON. */
import { findComponent } from '../core/components.ts';
import type { EngineState, TimedEvaluation } from '../core/engine-state.ts';
import { explainCrashLoop, explainWaiting } from '../core/explain.ts';
import { type ExplainedHost, explainHosts } from '../core/explanation/explain-hosts.ts';
import { explainStages } from '../core/explanation/explain-offers.ts';
import { NO_REFUSALS } from '../core/explanation/refusal-ledger.ts';
import { type StageSummary, summarizeLedger } from '../core/explanation/stage-summary.ts';
import type { FailureRecord } from '../core/failures/failure-record.ts';
import { type InstancePhase, type InstanceRecord, nameOpenSlot } from '../core/instance.ts';
import { listInstances, orderComponents } from '../core/plan.ts';
import { type RolloutPhase, toRolloutPhase } from '../core/rollout/plan-report.ts';
import type { ComponentSpec } from '../core/service-spec.ts';
import { describeNeeds } from './needs.ts';

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
  readonly phase: RolloutPhase;
  /** Why the configuration that was given is not used; the former one is. */
  readonly refused?: readonly string[] | undefined;
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly instances: readonly InstanceStatus[];
}

export interface ExplainedInstance {
  readonly name: string;
  /** What it asks of a host. */
  readonly needs: readonly string[];
  readonly waiting?: string | undefined;
  /** It ends again and again: how often, how soon, where, and why the last time. */
  readonly crashLoop?: string | undefined;
  /** Its last failures, oldest first. */
  readonly failures: readonly FailureRecord[];
  /** How many agents each stage refused lately, and which of them missed by least. */
  readonly stages: readonly StageSummary[];
  /** The last offers one by one. */
  readonly offers: readonly TimedEvaluation[];
}

export interface ExplainReport {
  readonly instances: readonly ExplainedInstance[];
  /** Hosts that are avoided, drained, or go into maintenance. */
  readonly hosts: readonly ExplainedHost[];
}

export interface TeardownReport {
  readonly tornDown: true;
  readonly frameworkId?: string | undefined;
}

export interface Accepted {
  readonly accepted: true;
}

function toWebUrl(state: EngineState, instance: InstanceRecord): string | undefined {
  const component = findComponent(state.settings.spec, instance.component);
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
  return state.instances
    .list()
    .toSorted((a, b) => order.indexOf(a.component) - order.indexOf(b.component) || a.index - b.index);
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
    phase: toRolloutPhase(state, nowMs),
    refused: state.refused,
    startedAtMs: process.startedAtMs,
    nowMs,
    instances: listOrdered(state).map((instance) => toInstanceStatus(state, instance, nowMs)),
  };
}

/** The first ready instance that has a page for people becomes the framework's. Asked after every step. */
export function findWebUrl(state: EngineState): string | undefined {
  for (const { name, webPort } of orderComponents(state.settings.spec)) {
    if (webPort === undefined) continue;
    for (const instance of listInstances(state.instances, name)) {
      const url = toWebUrl(state, instance);
      if (url !== undefined) return url;
    }
  }
  return undefined;
}

function explainInstance(state: EngineState, instance: InstanceRecord, nowMs: number): ExplainedInstance {
  const waiting = explainWaiting(state, instance, nowMs);
  const component = findComponent(state.settings.spec, instance.component);
  return {
    name: instance.name,
    needs: component === undefined ? [] : describeNeeds(component),
    waiting,
    crashLoop: explainCrashLoop(state, instance),
    failures: instance.recentFailures ?? [],
    stages: waiting === undefined ? [] : explainStages(state, instance),
    offers: state.evaluations.get(instance.name) ?? [],
  };
}

/** Hosts that have no instance yet of a component that wants one on each. */
function explainOpenSlot(state: EngineState, component: ComponentSpec): ExplainedInstance {
  const name = nameOpenSlot(component.name);
  const stages = summarizeLedger(state.refusals[component.name] ?? NO_REFUSALS);
  return {
    name,
    needs: describeNeeds(component),
    failures: [],
    stages,
    offers: state.evaluations.get(name) ?? [],
  };
}

/** Every stage of the offers of late, for each instance that waits and for hosts that have none yet. */
export function toExplainReport(state: EngineState, nowMs: number): ExplainReport {
  const known = listOrdered(state).map((instance) => explainInstance(state, instance, nowMs));
  const open = state.settings.spec.components
    .filter(({ count }) => count === 'every-agent')
    .map((component) => explainOpenSlot(state, component));
  return { instances: [...known, ...open], hosts: explainHosts(state, nowMs) };
}
