/** What each event does to an instance; which of these applies is the table of `task-life-cycle.ts`. */
import type { InstanceRecord } from '../instance.ts';
import type { Timing } from '../timing.ts';
import { type Handler, type InstanceEffect, enter, settle } from './instance-event.ts';
import { finishKill, toKills } from './task-kill.ts';

function askAbout({ task }: InstanceRecord): InstanceEffect[] {
  return task === undefined ? [] : [{ kind: 'ask', taskId: task.taskId, agentId: task.agentId }];
}

export const stay: Handler = (instance) => ({ instance, effects: [] });

export const ask: Handler = (instance) => ({ instance, effects: askAbout(instance) });

export const start: Handler = (instance, _event, moment) => ({
  instance: enter({ ...instance, replaceAtMs: undefined, drops: undefined }, 'starting', moment),
  effects: [],
});

export const run: Handler = (instance, event, moment) => {
  if (event.kind === 'status' && event.healthy === false) return start(instance, event, moment);
  const ready = {
    ...instance,
    readySinceMs: instance.readySinceMs ?? moment.nowMs,
    replaceAtMs: undefined,
    drops: undefined,
  };
  return { instance: enter(ready, 'ready', moment), effects: [] };
};

function loseSight(graceOf: (timing: Timing) => number): Handler {
  return (instance, _event, moment) => {
    const replaceAtMs = instance.replaceAtMs ?? moment.nowMs + graceOf(moment.timing);
    return { instance: enter({ ...instance, replaceAtMs }, 'unreachable', moment), effects: [] };
  };
}

export const loseAgent = loseSight((timing) => timing.unreachableMs);
export const loseTrack = loseSight((timing) => timing.unknownMs);

/** It stays one that is to be killed: the kill is repeated should it return, and given up when the grace is over. */
function loseKilled(graceOf: (timing: Timing) => number): Handler {
  return (instance, _event, moment) => ({
    instance: { ...instance, replaceAtMs: instance.replaceAtMs ?? moment.nowMs + graceOf(moment.timing) },
    effects: [],
  });
}

const awaitKilledAgent = loseKilled((timing) => timing.unreachableMs);

export const loseKilledAgent: Handler = (instance, event, moment) =>
  (instance.afterKill === 'stop' ? finishKill : awaitKilledAgent)(instance, event, moment);

/** UNKNOWN proves nothing yet. */
export const loseKilledTrack = loseKilled((timing) => timing.unknownMs);

/** It is there after all: nothing but its own end says that it is gone, and a kill that was lost is sent again. */
export const surviveKill: Handler = (instance, event, moment) => {
  if (instance.replaceAtMs === undefined) return stay(instance, event, moment);
  const found = { ...instance, replaceAtMs: undefined, killSentAtMs: moment.nowMs };
  return { instance: found, effects: toKills(instance, moment.nowMs) };
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
    hostFacts: undefined,
    ports: event.ports,
    formatted: moved ? [] : instance.formatted,
    launches: instance.launches + 1,
    lastState: undefined,
    lastReason: undefined,
    labels: {},
  };
  return { instance: enter(launched, 'launching', moment), effects: toKills(instance, moment.nowMs) };
};

export const retryNow: Handler = (instance, _event, moment) => ({
  instance: enter({ ...instance, failures: 0, notBeforeMs: moment.nowMs }, 'waiting', moment),
  effects: [],
});

export const forget: Handler = (instance, event, moment) =>
  retryNow(
    { ...instance, formatted: [], hostname: undefined, hostFacts: undefined, ports: {} },
    event,
    moment,
  );

export const stop: Handler = (instance, _event, moment) => ({
  instance: enter(instance, 'stopped', moment),
  effects: [],
});
