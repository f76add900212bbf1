/** What each event does to an instance; which of these applies is the table of `task-life-cycle.ts`. */
import type { TaskState } from '../../../protocol/mesos/task.ts';
import type { InstancePhase, InstanceRecord, LaunchedTask } from '../instance.ts';
import { type Timing, toBackoffMs } from '../timing.ts';

export type InstanceEvent =
  | {
      readonly kind: 'launched';
      readonly task: LaunchedTask;
      readonly ports: Readonly<Record<string, number>>;
    }
  | {
      readonly kind: 'status';
      readonly state: TaskState;
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
  | { readonly kind: 'kill'; readonly taskId: string; readonly agentId: string }
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

function enter(instance: InstanceRecord, phase: InstancePhase, moment: Moment): InstanceRecord {
  return phase === instance.phase ? instance : { ...instance, phase, sinceMs: moment.nowMs };
}

function addressTask(instance: InstanceRecord, kind: InstanceEffect['kind']): InstanceEffect[] {
  const { task } = instance;
  return task === undefined ? [] : [{ kind, taskId: task.taskId, agentId: task.agentId }];
}

function settle(instance: InstanceRecord): InstanceRecord {
  return {
    ...instance,
    task: undefined,
    afterKill: undefined,
    killSentAtMs: undefined,
    readySinceMs: undefined,
    replaceAtMs: undefined,
  };
}

export const stay: Handler = (instance) => ({ instance, effects: [] });

export const ask: Handler = (instance) => ({ instance, effects: addressTask(instance, 'ask') });

export const start: Handler = (instance, _event, moment) => ({
  instance: enter({ ...instance, replaceAtMs: undefined }, 'starting', moment),
  effects: [],
});

export const run: Handler = (instance, event, moment) => {
  if (event.kind === 'status' && event.healthy === false) return start(instance, event, moment);
  const ready = {
    ...instance,
    readySinceMs: instance.readySinceMs ?? moment.nowMs,
    replaceAtMs: undefined,
  };
  return { instance: enter(ready, 'ready', moment), effects: [] };
};

/** A task ended that should run: back to waiting, later each time. */
export const fail: Handler = (instance, _event, moment) => {
  const { nowMs, timing, chance } = moment;
  const ranLong = instance.readySinceMs !== undefined && nowMs - instance.readySinceMs >= timing.stableMs;
  const failures = ranLong ? 1 : instance.failures + 1;
  const limits = { baseMs: timing.backoffBaseMs, maxMs: timing.backoffMaxMs };
  const notBeforeMs = nowMs + toBackoffMs(failures, chance, limits);
  return { instance: enter({ ...settle(instance), failures, notBeforeMs }, 'waiting', moment), effects: [] };
};

export const refuse: Handler = (instance, _event, moment) => ({
  instance: enter(settle(instance), 'refused', moment),
  effects: [],
});

function loseSight(graceOf: (timing: Timing) => number): Handler {
  return (instance, _event, moment) => {
    const replaceAtMs = instance.replaceAtMs ?? moment.nowMs + graceOf(moment.timing);
    return { instance: enter({ ...instance, replaceAtMs }, 'unreachable', moment), effects: [] };
  };
}

export const loseAgent = loseSight((timing) => timing.unreachableMs);
export const loseTrack = loseSight((timing) => timing.unknownMs);

/** The task that was to be killed is gone, as wanted. */
export const finishKill: Handler = (instance, _event, moment) => {
  const phase = instance.afterKill === 'stop' ? 'stopped' : 'waiting';
  const rest = { ...settle(instance), failures: 0, notBeforeMs: moment.nowMs };
  return { instance: enter(rest, phase, moment), effects: [] };
};

export const loseKilledAgent: Handler = (instance, event, moment) =>
  instance.afterKill === 'stop' ? finishKill(instance, event, moment) : loseAgent(instance, event, moment);

/** UNKNOWN proves nothing yet: the kill is repeated until the grace is over. */
export const loseKilledTrack: Handler = (instance, _event, moment) => ({
  instance: { ...instance, replaceAtMs: instance.replaceAtMs ?? moment.nowMs + moment.timing.unknownMs },
  effects: [],
});

/** It is there after all: nothing but its own end says that it is gone, and a kill that was lost is sent again. */
export const surviveKill: Handler = (instance, event, moment) => {
  if (instance.replaceAtMs === undefined) return stay(instance, event, moment);
  const found = { ...instance, replaceAtMs: undefined, killSentAtMs: moment.nowMs };
  return { instance: found, effects: addressTask(instance, 'kill') };
};

export function kill(afterKill: 'relaunch' | 'stop'): Handler {
  return (instance, _event, moment) => ({
    instance: enter({ ...instance, afterKill, killSentAtMs: moment.nowMs }, 'killing', moment),
    effects: addressTask(instance, 'kill'),
  });
}

export const killAgain: Handler = (instance, event, moment) => {
  if (instance.replaceAtMs !== undefined && instance.replaceAtMs <= moment.nowMs)
    return finishKill(instance, event, moment);
  if (moment.nowMs - (instance.killSentAtMs ?? 0) < moment.timing.killRetryMs)
    return stay(instance, event, moment);
  return {
    instance: { ...instance, killSentAtMs: moment.nowMs },
    effects: addressTask(instance, 'kill'),
  };
};

export const askWhenSilent: Handler = (instance, event, moment) => {
  const silent = moment.nowMs - instance.sinceMs >= moment.timing.launchSilenceMs;
  return silent ? ask(instance, event, moment) : stay(instance, event, moment);
};

/** Also of an unreachable instance that is overdue: its old task is killed, should it ever return. */
export const launch: Handler = (instance, event, moment) => {
  if (event.kind !== 'launched') return stay(instance, event, moment);
  const moved = instance.hostname !== event.task.hostname;
  const launched = {
    ...settle(instance),
    task: event.task,
    hostname: event.task.hostname,
    ports: event.ports,
    formatted: moved ? [] : instance.formatted,
    launches: instance.launches + 1,
    lastState: undefined,
    labels: {},
  };
  return { instance: enter(launched, 'launching', moment), effects: addressTask(instance, 'kill') };
};

export const retryNow: Handler = (instance, _event, moment) => ({
  instance: enter({ ...instance, failures: 0, notBeforeMs: moment.nowMs }, 'waiting', moment),
  effects: [],
});

export const forget: Handler = (instance, event, moment) =>
  retryNow({ ...instance, formatted: [], hostname: undefined, ports: {} }, event, moment);

export const stop: Handler = (instance, _event, moment) => ({
  instance: enter(instance, 'stopped', moment),
  effects: [],
});

export const stopAfterKill: Handler = (instance) => ({
  instance: { ...instance, afterKill: 'stop' },
  effects: [],
});
