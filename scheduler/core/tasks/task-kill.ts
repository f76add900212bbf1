/**
 * Kills of tasks and what follows. The first carries the whole grace, each later one what is left of it, so that a repeat
 * never lengthens it; the executor of a task that outlives its grace is shut down.
 */
import type { InstanceRecord } from '../instance.ts';
import { type Handler, type InstanceEffect, type Moment, enter, settle } from './instance-event.ts';
import { loseHost } from './task-end.ts';

/** Of tasks of older schedulers, which did not note it. */
const UNKNOWN_GRACE_MS = 60_000;

/** Nothing without a task. `sinceMs` of a killing instance is the time of its first kill. */
export function toKills(instance: InstanceRecord, nowMs: number): (InstanceEffect & { kind: 'kill' })[] {
  const { task, phase, sinceMs } = instance;
  if (task === undefined) return [];
  const { taskId, agentId, killGraceMs } = task;
  if (killGraceMs === undefined) return [{ kind: 'kill', taskId, agentId }];
  const usedMs = phase === 'killing' ? nowMs - sinceMs : 0;
  return [{ kind: 'kill', taskId, agentId, graceMs: Math.max(0, killGraceMs - usedMs) }];
}

export function kill(afterKill: 'relaunch' | 'stop'): Handler {
  return (instance, _event, moment) => ({
    instance: enter({ ...instance, afterKill, killSentAtMs: moment.nowMs }, 'killing', moment),
    effects: toKills(instance, moment.nowMs),
  });
}

/** The task that was to be killed is gone, as wanted. */
export const finishKill: Handler = (instance, event, moment) => {
  const isHostGone = event.kind === 'status' && event.state === 'TASK_GONE_BY_OPERATOR';
  const phase = instance.afterKill === 'stop' ? 'stopped' : 'waiting';
  const rest = { ...settle(isHostGone ? loseHost(instance) : instance), failures: 0 };
  return { instance: enter({ ...rest, notBeforeMs: moment.nowMs }, phase, moment), effects: [] };
};

/** A task whose agent is away cannot end; Mesos would drop what is sent there. */
function planRepeat(instance: InstanceRecord, { nowMs, timing }: Moment): InstanceEffect[] {
  const { task, sinceMs, killSentAtMs = 0, lastState } = instance;
  if (task === undefined || lastState === 'TASK_UNREACHABLE') return [];
  const overdueAtMs = sinceMs + (task.killGraceMs ?? UNKNOWN_GRACE_MS) + timing.shutdownMarginMs;
  const isOverdue = overdueAtMs <= nowMs;
  const isFirstShutdown = isOverdue && killSentAtMs < overdueAtMs;
  if (!isFirstShutdown && nowMs - killSentAtMs < timing.killRetryMs) return [];
  if (!isOverdue) return toKills(instance, nowMs);
  return [{ kind: 'shutdown', taskId: task.taskId, agentId: task.agentId }];
}

export const killAgain: Handler = (instance, event, moment) => {
  if (instance.replaceAtMs !== undefined && instance.replaceAtMs <= moment.nowMs)
    return finishKill(instance, event, moment);
  const effects = planRepeat(instance, moment);
  const sent = effects.length === 0 ? instance : { ...instance, killSentAtMs: moment.nowMs };
  return { instance: sent, effects };
};

export const stopAfterKill: Handler = (instance) => ({
  instance: { ...instance, afterKill: 'stop' },
  effects: [],
});
