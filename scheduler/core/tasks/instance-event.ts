/** What can happen to an instance, and what follows. */
import type { TaskState } from '../../../protocol/mesos/task.ts';
import type { InstancePhase, InstanceRecord, LaunchedTask } from '../instance.ts';
import type { Timing } from '../timing.ts';

export type InstanceEvent =
  | {
      readonly kind: 'launched';
      readonly task: LaunchedTask;
      readonly ports: Readonly<Record<string, number>>;
    }
  | {
      readonly kind: 'status';
      readonly state: TaskState;
      readonly reason?: string | undefined;
      readonly message?: string | undefined;
      readonly healthy?: boolean | undefined;
      /** The executor's own labels; a reconciliation copy has none. */
      readonly labels: Readonly<Record<string, string>>;
    }
  /** The service could not say how to launch it there. */
  | { readonly kind: 'unlaunchable'; readonly message: string }
  | { readonly kind: 'agent-lost' }
  | { readonly kind: 'restart' }
  /** The operator gives up the state on its host: it may start anew, anywhere. */
  | { readonly kind: 'forget' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'tick' };

export type InstanceEffect =
  | {
      readonly kind: 'kill';
      readonly taskId: string;
      readonly agentId: string;
      /** What is left of its grace; unset: that of its launch. */
      readonly graceMs?: number | undefined;
    }
  /** Ends the executor with all that it runs. */
  | { readonly kind: 'shutdown'; readonly taskId: string; readonly agentId: string }
  | { readonly kind: 'ask'; readonly taskId: string; readonly agentId: string };

export interface Moment {
  readonly nowMs: number;
  /** Between 0 and 1, for jitter. */
  readonly chance: number;
  readonly timing: Timing;
}

export interface Transition {
  readonly instance: InstanceRecord;
  readonly effects: readonly InstanceEffect[];
}

export type Handler = (instance: InstanceRecord, event: InstanceEvent, moment: Moment) => Transition;

export function enter(instance: InstanceRecord, phase: InstancePhase, moment: Moment): InstanceRecord {
  return phase === instance.phase ? instance : { ...instance, phase, sinceMs: moment.nowMs };
}

/** Without its task and what belongs to that alone. */
export function settle(instance: InstanceRecord): InstanceRecord {
  return {
    ...instance,
    task: undefined,
    hostFacts: instance.task?.facts ?? instance.hostFacts,
    afterKill: undefined,
    killSentAtMs: undefined,
    readySinceMs: undefined,
    replaceAtMs: undefined,
  };
}
