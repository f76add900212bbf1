/** What becomes of an instance whose task ended although it should run. */
import { classifyEnd } from '../failures/end-cause.ts';
import { type FailureRecord, addFailure } from '../failures/failure-record.ts';
import type { InstanceRecord } from '../instance.ts';
import { toBackoffMs } from '../timing.ts';
import { type Handler, type InstanceEvent, enter, settle } from './instance-event.ts';

function toFailure(instance: InstanceRecord, event: InstanceEvent, nowMs: number): FailureRecord {
  const { task, hostname = '', readySinceMs } = instance;
  const status = event.kind === 'status' ? event : undefined;
  return {
    atMs: nowMs,
    hostname: task?.hostname ?? hostname,
    state: status?.state ?? 'TASK_LOST',
    reason: status?.reason,
    message: status?.message,
    ranMs: Math.max(0, nowMs - (task?.launchedAtMs ?? nowMs)),
    wasReady: readySinceMs !== undefined,
  };
}

/** Back to waiting, later each time. */
const fail: Handler = (instance, event, moment) => {
  const { nowMs, timing, chance } = moment;
  const ranLong = instance.readySinceMs !== undefined && nowMs - instance.readySinceMs >= timing.stableMs;
  const failures = ranLong ? 1 : instance.failures + 1;
  const limits = { baseMs: timing.backoffBaseMs, maxMs: timing.backoffMaxMs };
  const notBeforeMs = nowMs + toBackoffMs(failures, chance, limits);
  const recentFailures = addFailure(instance.recentFailures, toFailure(instance, event, nowMs));
  const ended = { ...settle(instance), failures, notBeforeMs, recentFailures, drops: undefined };
  return { instance: enter(ended, 'waiting', moment), effects: [] };
};

/** The same launch would be refused again. */
export const refuse: Handler = (instance, event, moment) => {
  const isMesos = event.kind === 'status';
  const failure = toFailure(instance, event, moment.nowMs);
  const recentFailures = isMesos ? addFailure(instance.recentFailures, failure) : instance.recentFailures;
  const refused = { ...settle(instance), recentFailures };
  return { instance: enter(refused, 'refused', moment), effects: [] };
};

/** The service has not failed, so its own delay does not grow; a cluster that drops every launch is asked less often. */
const launchAgain: Handler = (instance, _event, moment) => {
  const { nowMs, timing, chance } = moment;
  const drops = (instance.drops ?? 0) + 1;
  const limits = { baseMs: timing.dropBackoffBaseMs, maxMs: timing.dropBackoffMaxMs };
  const ended = { ...settle(instance), drops, notBeforeMs: nowMs + toBackoffMs(drops, chance, limits) };
  return { instance: enter(ended, 'waiting', moment), effects: [] };
};

const moveOn: Handler = (instance, _event, moment) => {
  const ended = { ...settle(instance), notBeforeMs: moment.nowMs };
  return { instance: enter(ended, 'waiting', moment), effects: [] };
};

/** Nothing of it is left on the host, so that nothing binds it there. */
export function loseHost(instance: InstanceRecord): InstanceRecord {
  return {
    ...instance,
    hostname: undefined,
    ports: {},
    formatted: [],
    reserved: undefined,
    reservedSeen: undefined,
  };
}

export const end: Handler = (instance, event, moment) => {
  if (event.kind !== 'status') return fail(instance, event, moment);
  switch (classifyEnd(event, instance.phase)) {
    case 'failed':
      return fail(instance, event, moment);
    case 'never-started':
      return launchAgain(instance, event, moment);
    case 'evicted':
      return moveOn(instance, event, moment);
    case 'host-gone':
      return moveOn(loseHost(instance), event, moment);
  }
};
