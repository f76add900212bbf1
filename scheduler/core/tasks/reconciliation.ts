/**
 * Asks Mesos about tasks until each was answered (explicit), and for all that it knows of ours (implicit), which shows
 * tasks that nobody wants (docs/reconciliation.md of Mesos).
 */
import type { InstanceRecord } from '../instance.ts';
import type { Moment } from './task-life-cycle.ts';
import { type ReadonlyTable, Table } from '../table.ts';
import { toBackoffMs } from '../timing.ts';

export interface TaskOnAgent {
  readonly taskId: string;
  readonly agentId: string;
}

export interface Reconciliation {
  /** Agent by task that is still unanswered. */
  readonly pending: ReadonlyTable<string>;
  readonly attempt: number;
  readonly nextAtMs: number;
  readonly nextImplicitAtMs: number;
}

export const IDLE_RECONCILIATION: Reconciliation = {
  pending: Table.of(),
  attempt: 0,
  nextAtMs: 0,
  nextImplicitAtMs: Number.POSITIVE_INFINITY,
};

/** After each subscription: everything that has a task, at once; what Mesos has beyond that a minute later. */
export function startReconciliation(instances: readonly InstanceRecord[], nowMs: number): Reconciliation {
  const tasks = instances.flatMap(({ task }) =>
    task === undefined ? [] : [[task.taskId, task.agentId] as const],
  );
  return {
    pending: Table.of(tasks),
    attempt: 0,
    nextAtMs: nowMs,
    nextImplicitAtMs: nowMs + 60_000,
  };
}

/** One more task to ask about, at once if nothing is being asked. */
export function addQuestion(state: Reconciliation, task: TaskOnAgent, nowMs: number): Reconciliation {
  if (state.pending.has(task.taskId)) return state;
  const idle = state.pending.size === 0;
  const pending = state.pending.copy();
  pending.set(task.taskId, task.agentId);
  return idle ? { ...state, pending, attempt: 0, nextAtMs: nowMs } : { ...state, pending };
}

export function noteAnswer(state: Reconciliation, taskId: string): Reconciliation {
  if (!state.pending.has(taskId)) return state;
  const pending = state.pending.copy();
  pending.delete(taskId);
  return { ...state, pending };
}

export interface Questions {
  readonly state: Reconciliation;
  /** Each is one RECONCILE; an empty list is the implicit one. */
  readonly calls: readonly (readonly TaskOnAgent[])[];
}

export function planQuestions(state: Reconciliation, moment: Moment): Questions {
  const { nowMs, timing, chance } = moment;
  const calls: TaskOnAgent[][] = [];
  let next = state;
  if (state.pending.size > 0 && state.nextAtMs <= nowMs) {
    calls.push(state.pending.entries().map(([taskId, agentId]) => ({ taskId, agentId })));
    const attempt = state.attempt + 1;
    const limits = { baseMs: timing.reconcileBaseMs, maxMs: timing.reconcileMaxMs };
    next = { ...next, attempt, nextAtMs: nowMs + toBackoffMs(attempt, chance, limits) };
  }
  if (state.nextImplicitAtMs <= nowMs) {
    calls.push([]);
    const limits = { baseMs: timing.implicitReconcileMs, maxMs: timing.implicitReconcileMs };
    next = { ...next, nextImplicitAtMs: nowMs + toBackoffMs(1, chance, limits) };
  }
  return { state: next, calls };
}
