/** The life of the one task of an executor, as a table: what each state makes of each event. What is not listed changes nothing. */
import type { TaskEvent, TaskLife, Transition } from './task-life.ts';
import {
  type Alive,
  endAsDecided,
  endByItself,
  type EventOf,
  fail,
  failBeforeReady,
  hasten,
  kill,
  launch,
  leave,
  limitDrain,
  loseAgent,
  refuseOther,
  sendVerdict,
  SHUTDOWN_DRAIN_MS,
  shutdown,
  type StateOf,
  step,
  stopUnready,
} from './task-turns.ts';

type Reactions<S> = {
  readonly [E in TaskEvent['kind']]?: (state: S, event: EventOf<E>, now: number) => Transition;
};

const STOPPABLE: Reactions<Alive> = { launch: refuseOther, kill, shutdown, 'agent-lost': loseAgent };

const REACTIONS: { readonly [K in TaskLife['kind']]: Reactions<StateOf<K>> } = {
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
    'not-ready': stopUnready,
    failed: fail,
    exited: failBeforeReady,
  },
  running: { ...STOPPABLE, exited: endByItself },
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

/** Pure: `now` is in milliseconds of any steady clock. */
export function transition(state: TaskLife, event: TaskEvent, now: number): Transition {
  const reactions = REACTIONS[state.kind] as Partial<Record<string, (...args: unknown[]) => Transition>>;
  return reactions[event.kind]?.(state, event, now) ?? step(state);
}
