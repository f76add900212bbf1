/** What a task's life does at its turns; `task-transition.ts` says when. */
import { explainExit } from './exit-explanation.ts';
import type { Effect, TaskEvent, TaskLife, Transition, Verdict } from './task-life.ts';

/** How long the last update waits for its acknowledgement after a SHUTDOWN; the agent ends the container soon anyway. */
export const SHUTDOWN_DRAIN_MS = 3000;
/** A service that never became ready has no users to serve to the end. */
const NOT_READY_GRACE_MS = 5000;

export type StateOf<K extends TaskLife['kind']> = Extract<TaskLife, { readonly kind: K }>;
export type EventOf<E extends TaskEvent['kind']> = Extract<TaskEvent, { readonly kind: E }>;
/** Not asked to end yet. */
export type Alive = StateOf<'provisioning' | 'preparing' | 'starting' | 'running'>;
type Launched = Exclude<TaskLife, StateOf<'idle' | 'done'>>;
interface Graced {
  readonly graceMs: number;
}

export function step(state: TaskLife, ...effects: readonly Effect[]): Transition {
  return { state, effects };
}

/** What every later state carries of the launch. */
function launchedOf({ taskId, announceKilling, drainLimitMs }: Launched) {
  return { taskId, announceKilling, ...(drainLimitMs === undefined ? {} : { drainLimitMs }) };
}

export function launch(_state: TaskLife, event: EventOf<'launch'>): Transition {
  const { taskId, announceKilling, problem } = event;
  if (problem === undefined)
    return step(
      { kind: 'provisioning', taskId, announceKilling },
      { kind: 'update', state: 'TASK_STARTING' },
      { kind: 'provision' },
    );
  const verdict: Effect = { kind: 'update', state: 'TASK_FAILED', message: problem };
  return step({ kind: 'draining', taskId, announceKilling }, verdict);
}

export function refuseOther(state: Launched, event: EventOf<'launch'>): Transition {
  return event.taskId === state.taskId ? step(state) : step(state, { kind: 'refuse', taskId: event.taskId });
}

function release(state: Launched, verdict: Verdict): Transition {
  return step({ kind: 'releasing', ...launchedOf(state), verdict }, { kind: 'release' });
}

export function fail(state: Alive, { message }: EventOf<'failed'>): Transition {
  return release(state, { state: 'TASK_FAILED', message });
}

export function failBeforeReady(state: Alive, { end }: EventOf<'exited'>): Transition {
  return release(state, { state: 'TASK_FAILED', message: explainExit(end, 'before it was ready') });
}

export function endByItself(state: Alive, { end }: EventOf<'exited'>): Transition {
  return release(state, {
    state: end.code === 0 ? 'TASK_FINISHED' : 'TASK_FAILED',
    message: explainExit(end),
  });
}

export function endAsDecided(state: StateOf<'killing'>): Transition {
  return release(state, state.verdict);
}

function beginStop(state: Alive, stop: Graced & { readonly verdict: Verdict }, now: number): Transition {
  const { verdict, graceMs } = stop;
  return step(
    { kind: 'killing', ...launchedOf(state), verdict, deadlineMs: now + graceMs },
    { kind: 'stop' },
    { kind: 'set-kill-timer', delayMs: graceMs },
  );
}

export function stopUnready(state: Alive, { message }: EventOf<'not-ready'>, now: number): Transition {
  const verdict: Verdict = { state: 'TASK_FAILED', message };
  return beginStop(state, { verdict, graceMs: NOT_READY_GRACE_MS }, now);
}

export function kill(state: Alive, { graceMs }: Graced, now: number): Transition {
  const verdict: Verdict = { state: 'TASK_KILLED', message: 'The task was stopped as asked.' };
  const stopping = beginStop(state, { verdict, graceMs }, now);
  if (!state.announceKilling) return stopping;
  return step(stopping.state, { kind: 'update', state: 'TASK_KILLING' }, ...stopping.effects);
}

export function shutdown(state: Alive, { graceMs }: Graced, now: number): Transition {
  const verdict: Verdict = { state: 'TASK_KILLED', message: 'The agent shut the executor down.' };
  return beginStop(limitDrain(state, SHUTDOWN_DRAIN_MS), { verdict, graceMs }, now);
}

export function loseAgent(state: Alive, event: EventOf<'agent-lost'>, now: number): Transition {
  const verdict: Verdict = { state: 'TASK_KILLED', message: event.message };
  return beginStop(limitDrain(state, 0), { verdict, graceMs: event.graceMs }, now);
}

/** A second request may only bring the end nearer. */
export function hasten(state: StateOf<'killing'>, { graceMs }: Graced, now: number): Transition {
  const deadlineMs = Math.min(state.deadlineMs, now + graceMs);
  if (deadlineMs === state.deadlineMs) return step(state);
  return step({ ...state, deadlineMs }, { kind: 'set-kill-timer', delayMs: deadlineMs - now });
}

export function limitDrain<S extends Launched>(state: S, drainLimitMs: number): S {
  return { ...state, drainLimitMs: Math.min(state.drainLimitMs ?? drainLimitMs, drainLimitMs) };
}

export function sendVerdict(state: StateOf<'releasing'>): Transition {
  const update: Effect = { kind: 'update', ...state.verdict };
  const { drainLimitMs } = state;
  const draining: TaskLife = { kind: 'draining', ...launchedOf(state) };
  if (drainLimitMs === undefined) return step(draining, update);
  return step(draining, update, { kind: 'set-drain-timer', delayMs: drainLimitMs });
}

export function leave(code: number): () => Transition {
  return () => step({ kind: 'done' }, { kind: 'exit', code });
}
