/** The life of the one task of an executor, as a table: what each state makes of each event. What is not listed changes nothing. */
import { StevedoreError } from '../../protocol/errors.ts';
import { explainExit } from './exit-explanation.ts';
import type { Effect, TaskEvent, TaskLife, Transition, Verdict } from './task-life.ts';

/** How long the last update waits for its acknowledgement after a SHUTDOWN; the agent ends the container soon anyway. */
const SHUTDOWN_DRAIN_MS = 3000;

/** A service that never became ready has no users to serve to the end. */
const NOT_READY_GRACE_MS = 5000;

type Kind = TaskLife['kind'];
type StateOf<K extends Kind> = Extract<TaskLife, { readonly kind: K }>;
type EventOf<E extends TaskEvent['kind']> = Extract<TaskEvent, { readonly kind: E }>;
type Alive = StateOf<'provisioning' | 'preparing' | 'starting' | 'running'>;
type Launched = Exclude<TaskLife, StateOf<'idle' | 'done'>>;

type Reactions<S> = {
  readonly [E in TaskEvent['kind']]?: (state: S, event: EventOf<E>, now: number) => Transition;
};

function step(state: TaskLife, ...effects: readonly Effect[]): Transition {
  return { state, effects };
}

/** What every later state carries of the launch. */
function launchedOf({ taskId, announceKilling, drainLimitMs }: Launched) {
  return { taskId, announceKilling, ...(drainLimitMs === undefined ? {} : { drainLimitMs }) };
}

function launch(_state: TaskLife, event: EventOf<'launch'>): Transition {
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

function refuseOther(state: Launched, event: EventOf<'launch'>): Transition {
  return event.taskId === state.taskId ? step(state) : step(state, { kind: 'refuse', taskId: event.taskId });
}

function release(state: Launched, verdict: Verdict): Transition {
  return step({ kind: 'releasing', ...launchedOf(state), verdict }, { kind: 'release' });
}

function fail(state: Alive, event: EventOf<'failed'>): Transition {
  return release(state, { state: 'TASK_FAILED', message: event.message });
}

interface Stop {
  readonly verdict: Verdict;
  readonly graceMs: number;
}

function beginStop(state: Alive, { verdict, graceMs }: Stop, now: number): Transition {
  return step(
    { kind: 'killing', ...launchedOf(state), verdict, deadlineMs: now + graceMs },
    { kind: 'stop' },
    { kind: 'set-kill-timer', delayMs: graceMs },
  );
}

function kill(state: Alive, { graceMs }: { readonly graceMs: number }, now: number): Transition {
  const verdict: Verdict = { state: 'TASK_KILLED', message: 'The task was stopped as asked.' };
  const stopping = beginStop(state, { verdict, graceMs }, now);
  if (!state.announceKilling) return stopping;
  return step(stopping.state, { kind: 'update', state: 'TASK_KILLING' }, ...stopping.effects);
}

function shutdown(state: Alive, { graceMs }: EventOf<'shutdown'>, now: number): Transition {
  const verdict: Verdict = { state: 'TASK_KILLED', message: 'The agent shut the executor down.' };
  return beginStop({ ...state, drainLimitMs: SHUTDOWN_DRAIN_MS }, { verdict, graceMs }, now);
}

function loseAgent(state: Alive, event: EventOf<'agent-lost'>, now: number): Transition {
  const verdict: Verdict = { state: 'TASK_KILLED', message: event.message };
  return beginStop({ ...state, drainLimitMs: 0 }, { verdict, graceMs: event.graceMs }, now);
}

/** A second request may only bring the end nearer. */
function hasten(state: StateOf<'killing'>, { graceMs }: { readonly graceMs: number }, now: number) {
  const deadlineMs = Math.min(state.deadlineMs, now + graceMs);
  if (deadlineMs === state.deadlineMs) return step(state);
  return step({ ...state, deadlineMs }, { kind: 'set-kill-timer', delayMs: deadlineMs - now });
}

function limitDrain<S extends Launched>(state: S, drainLimitMs: number): S {
  return { ...state, drainLimitMs: Math.min(state.drainLimitMs ?? drainLimitMs, drainLimitMs) };
}

function endAsDecided(state: StateOf<'killing'>): Transition {
  return release(state, state.verdict);
}

function sendVerdict(state: StateOf<'releasing'>): Transition {
  const update: Effect = { kind: 'update', ...state.verdict };
  const { drainLimitMs } = state;
  const draining: TaskLife = { kind: 'draining', ...launchedOf(state) };
  if (drainLimitMs === undefined) return step(draining, update);
  return step(draining, update, { kind: 'set-drain-timer', delayMs: drainLimitMs });
}

function leave(code: number): () => Transition {
  return () => step({ kind: 'done' }, { kind: 'exit', code });
}

const STOPPABLE: Reactions<Alive> = { launch: refuseOther, kill, shutdown, 'agent-lost': loseAgent };

const REACTIONS: { readonly [K in Kind]: Reactions<StateOf<K>> } = {
  idle: { launch, shutdown: leave(0), 'agent-lost': leave(1) },
  provisioning: {
    ...STOPPABLE,
    provisioned: (state) => step({ ...state, kind: 'preparing' }, { kind: 'prepare' }),
    failed: fail,
  },
  preparing: {
    ...STOPPABLE,
    prepared: (state) => step({ ...state, kind: 'starting' }, { kind: 'start' }),
    failed: fail,
  },
  starting: {
    ...STOPPABLE,
    ready: (state) =>
      step({ ...state, kind: 'running' }, { kind: 'update', state: 'TASK_RUNNING', healthy: true }),
    'not-ready': (state, { message }, now) =>
      beginStop(state, { verdict: { state: 'TASK_FAILED', message }, graceMs: NOT_READY_GRACE_MS }, now),
    failed: fail,
    exited: (state, { end }) =>
      release(state, { state: 'TASK_FAILED', message: explainExit(end, 'before it was ready') }),
  },
  running: {
    ...STOPPABLE,
    exited: (state, { end }) =>
      release(state, {
        state: end.code === 0 ? 'TASK_FINISHED' : 'TASK_FAILED',
        message: explainExit(end),
      }),
  },
  killing: {
    launch: refuseOther,
    kill: hasten,
    shutdown: (state, event, now) => hasten(limitDrain(state, SHUTDOWN_DRAIN_MS), event, now),
    'agent-lost': (state, event, now) => hasten(limitDrain(state, 0), event, now),
    'grace-elapsed': (state) => step(state, { kind: 'force' }),
    provisioned: endAsDecided,
    prepared: endAsDecided,
    failed: endAsDecided,
    exited: endAsDecided,
  },
  releasing: {
    launch: refuseOther,
    shutdown: (state) => step(limitDrain(state, SHUTDOWN_DRAIN_MS)),
    'agent-lost': (state) => step(limitDrain(state, 0)),
    released: sendVerdict,
  },
  draining: {
    launch: refuseOther,
    shutdown: (state) => step(state, { kind: 'set-drain-timer', delayMs: SHUTDOWN_DRAIN_MS }),
    'agent-lost': leave(1),
    drained: leave(0),
    'drain-elapsed': leave(1),
  },
  done: {},
};

/** The text with which a second task of the same executor fails. */
export function explainSecondTask(first: string, second: string): string {
  return new StevedoreError('ERR_SECOND_TASK', { first, second }).message;
}

export function transition(state: TaskLife, event: TaskEvent, now: number): Transition {
  const reactions = REACTIONS[state.kind] as Partial<Record<string, (...args: unknown[]) => Transition>>;
  return reactions[event.kind]?.(state, event, now) ?? step(state);
}
