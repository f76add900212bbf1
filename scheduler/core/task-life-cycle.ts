/**
 * What becomes of an instance by each event. A pair of phase and event that the table does not list is illegal: nothing
 * changes and the caller says so.
 */
import type { TaskState } from '../../protocol/mesos/task.ts';
import { FORMATTED_LABEL } from '../../protocol/status-labels.ts';
import type { InstancePhase, InstanceRecord, LaunchedTask } from './instance.ts';
import { type Timing, toBackoffMs } from './timing.ts';

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

type Handler = (instance: InstanceRecord, event: InstanceEvent, moment: Moment) => Transition;
type EventName = TaskState | Exclude<InstanceEvent['kind'], 'status'>;

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

const stay: Handler = (instance) => ({ instance, effects: [] });

const ask: Handler = (instance) => ({ instance, effects: addressTask(instance, 'ask') });

const start: Handler = (instance, _event, moment) => ({
  instance: enter({ ...instance, replaceAtMs: undefined }, 'starting', moment),
  effects: [],
});

const run: Handler = (instance, event, moment) => {
  if (event.kind === 'status' && event.healthy === false) return start(instance, event, moment);
  const ready = {
    ...instance,
    readySinceMs: instance.readySinceMs ?? moment.nowMs,
    replaceAtMs: undefined,
  };
  return { instance: enter(ready, 'ready', moment), effects: [] };
};

/** A task ended that should run: back to waiting, later each time. */
const fail: Handler = (instance, _event, moment) => {
  const { nowMs, timing, chance } = moment;
  const ranLong = instance.readySinceMs !== undefined && nowMs - instance.readySinceMs >= timing.stableMs;
  const failures = ranLong ? 1 : instance.failures + 1;
  const limits = { baseMs: timing.backoffBaseMs, maxMs: timing.backoffMaxMs };
  const notBeforeMs = nowMs + toBackoffMs(failures, chance, limits);
  return { instance: enter({ ...settle(instance), failures, notBeforeMs }, 'waiting', moment), effects: [] };
};

const refuse: Handler = (instance, _event, moment) => ({
  instance: enter(settle(instance), 'refused', moment),
  effects: [],
});

function loseSight(graceOf: (timing: Timing) => number): Handler {
  return (instance, _event, moment) => {
    const replaceAtMs = instance.replaceAtMs ?? moment.nowMs + graceOf(moment.timing);
    return { instance: enter({ ...instance, replaceAtMs }, 'unreachable', moment), effects: [] };
  };
}

const loseAgent = loseSight((timing) => timing.unreachableMs);
const loseTrack = loseSight((timing) => timing.unknownMs);

/** The task that was to be killed is gone, as wanted. */
const finishKill: Handler = (instance, _event, moment) => {
  const phase = instance.afterKill === 'stop' ? 'stopped' : 'waiting';
  const rest = { ...settle(instance), failures: 0, notBeforeMs: moment.nowMs };
  return { instance: enter(rest, phase, moment), effects: [] };
};

const loseKilledAgent: Handler = (instance, event, moment) =>
  instance.afterKill === 'stop' ? finishKill(instance, event, moment) : loseAgent(instance, event, moment);

/** UNKNOWN proves nothing yet: the kill is repeated until the grace is over. */
const loseKilledTrack: Handler = (instance, _event, moment) => ({
  instance: { ...instance, replaceAtMs: instance.replaceAtMs ?? moment.nowMs + moment.timing.unknownMs },
  effects: [],
});

function kill(afterKill: 'relaunch' | 'stop'): Handler {
  return (instance, _event, moment) => ({
    instance: enter({ ...instance, afterKill, killSentAtMs: moment.nowMs }, 'killing', moment),
    effects: addressTask(instance, 'kill'),
  });
}

const killAgain: Handler = (instance, event, moment) => {
  if (instance.replaceAtMs !== undefined && instance.replaceAtMs <= moment.nowMs)
    return finishKill(instance, event, moment);
  if (moment.nowMs - (instance.killSentAtMs ?? 0) < moment.timing.killRetryMs)
    return stay(instance, event, moment);
  return {
    instance: { ...instance, killSentAtMs: moment.nowMs },
    effects: addressTask(instance, 'kill'),
  };
};

const askWhenSilent: Handler = (instance, event, moment) => {
  const silent = moment.nowMs - instance.sinceMs >= moment.timing.launchSilenceMs;
  return silent ? ask(instance, event, moment) : stay(instance, event, moment);
};

/** Also of an unreachable instance that is overdue: its old task is killed, should it ever return. */
const launch: Handler = (instance, event, moment) => {
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

const retryNow: Handler = (instance, _event, moment) => ({
  instance: enter({ ...instance, failures: 0, notBeforeMs: moment.nowMs }, 'waiting', moment),
  effects: [],
});

const stop: Handler = (instance, _event, moment) => ({
  instance: enter(instance, 'stopped', moment),
  effects: [],
});

const stopAfterKill: Handler = (instance) => ({ instance: { ...instance, afterKill: 'stop' }, effects: [] });

type Row = Readonly<Partial<Record<EventName, Handler>>>;

const ENDS = [
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
] as const;

function onEnds(handler: Handler): Row {
  return Object.fromEntries(ENDS.map((state) => [state, handler]));
}

/** What all phases share in which a task is wanted. */
const WANTED: Row = {
  TASK_STAGING: start,
  TASK_STARTING: start,
  TASK_RUNNING: run,
  TASK_KILLING: stay,
  ...onEnds(fail),
  TASK_ERROR: refuse,
  TASK_UNREACHABLE: loseAgent,
  TASK_UNKNOWN: loseTrack,
  'agent-lost': ask,
  restart: kill('relaunch'),
  stop: kill('stop'),
};

const TABLE: Readonly<Record<InstancePhase, Row>> = {
  waiting: { launched: launch, unlaunchable: refuse, restart: retryNow, stop, tick: stay },
  launching: { ...WANTED, tick: askWhenSilent },
  starting: { ...WANTED, tick: stay },
  // Mesos may repeat or reorder: an older state of the same task takes nothing back.
  ready: { ...WANTED, TASK_STAGING: stay, TASK_STARTING: stay, tick: stay },
  unreachable: { ...WANTED, launched: launch, unlaunchable: stay, tick: stay },
  killing: {
    TASK_STAGING: stay,
    TASK_STARTING: stay,
    TASK_RUNNING: stay,
    TASK_KILLING: stay,
    ...onEnds(finishKill),
    TASK_ERROR: finishKill,
    TASK_UNREACHABLE: loseKilledAgent,
    TASK_UNKNOWN: loseKilledTrack,
    'agent-lost': ask,
    restart: stay,
    stop: stopAfterKill,
    tick: killAgain,
  },
  refused: { restart: retryNow, stop, tick: stay },
  stopped: { tick: stay },
};

function note(instance: InstanceRecord, event: InstanceEvent): InstanceRecord {
  if (event.kind === 'unlaunchable') return { ...instance, lastMessage: event.message };
  if (event.kind !== 'status') return instance;
  const formatted = (event.labels[FORMATTED_LABEL] ?? '').split(',').filter((name) => name !== '');
  return {
    ...instance,
    lastState: event.state,
    lastMessage: event.message ?? instance.lastMessage,
    labels: { ...instance.labels, ...event.labels },
    formatted: [...new Set([...instance.formatted, ...formatted])],
  };
}

/** Undefined: the pair is illegal. */
export function transition(
  instance: InstanceRecord,
  event: InstanceEvent,
  moment: Moment,
): Transition | undefined {
  const handler = TABLE[instance.phase][event.kind === 'status' ? event.state : event.kind];
  return handler?.(note(instance, event), event, moment);
}
