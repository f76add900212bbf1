import assert from 'node:assert/strict';
import type { Effect, TaskEvent, TaskLife, Verdict } from '../../../executor/core/task-life.ts';
import { transition } from '../../../executor/core/task-transition.ts';

const launched = { taskId: 't1', announceKilling: true } as const;
const verdict: Verdict = { state: 'TASK_KILLED', message: 'as asked' };

const STATES: { readonly [K in TaskLife['kind']]: TaskLife } = {
  idle: { kind: 'idle' },
  provisioning: { kind: 'provisioning', ...launched },
  preparing: { kind: 'preparing', ...launched },
  starting: { kind: 'starting', ...launched },
  running: { kind: 'running', ...launched },
  killing: { kind: 'killing', ...launched, verdict, deadlineMs: 5000 },
  releasing: { kind: 'releasing', ...launched, verdict },
  draining: { kind: 'draining', ...launched },
  done: { kind: 'done' },
};

const end = { code: 3, ranMs: 1500, lastLines: ['boom'] };
const EVENTS: { readonly [E in TaskEvent['kind']]: TaskEvent } = {
  launch: { kind: 'launch', taskId: 't2', announceKilling: true },
  provisioned: { kind: 'provisioned' },
  prepared: { kind: 'prepared' },
  ready: { kind: 'ready' },
  failed: { kind: 'failed', message: 'no disk' },
  'not-ready': { kind: 'not-ready', message: 'refused' },
  exited: { kind: 'exited', end },
  kill: { kind: 'kill', graceMs: 2000 },
  shutdown: { kind: 'shutdown', graceMs: 2000 },
  'agent-lost': { kind: 'agent-lost', message: 'gone', graceMs: 2000 },
  'grace-elapsed': { kind: 'grace-elapsed' },
  released: { kind: 'released' },
  drained: { kind: 'drained' },
  'drain-elapsed': { kind: 'drain-elapsed' },
};

/** `next state: effects`. A pair that is not listed changes nothing and does nothing. */
const STOPPABLE = {
  launch: 'same: refuse',
  kill: 'killing: update TASK_KILLING, stop, set-kill-timer 2000',
  shutdown: 'killing: stop, set-kill-timer 2000',
  'agent-lost': 'killing: stop, set-kill-timer 2000',
};
const EXPECTED: { readonly [K in TaskLife['kind']]: { readonly [E in TaskEvent['kind']]?: string } } = {
  idle: {
    launch: 'provisioning: update TASK_STARTING, provision',
    shutdown: 'done: exit 0',
    'agent-lost': 'done: exit 1',
  },
  provisioning: { ...STOPPABLE, provisioned: 'preparing: prepare', failed: 'releasing: release' },
  preparing: { ...STOPPABLE, prepared: 'starting: start', failed: 'releasing: release' },
  starting: {
    ...STOPPABLE,
    ready: 'running: update TASK_RUNNING',
    failed: 'releasing: release',
    'not-ready': 'killing: stop, set-kill-timer 5000',
    exited: 'releasing: release',
  },
  running: { ...STOPPABLE, exited: 'releasing: release' },
  killing: {
    launch: 'same: refuse',
    kill: 'killing: set-kill-timer 2000',
    shutdown: 'killing: set-kill-timer 2000',
    'agent-lost': 'killing: set-kill-timer 2000',
    'grace-elapsed': 'same: force',
    provisioned: 'releasing: release',
    prepared: 'releasing: release',
    failed: 'releasing: release',
    exited: 'releasing: release',
  },
  releasing: {
    launch: 'same: refuse',
    shutdown: 'releasing:',
    'agent-lost': 'releasing:',
    released: 'draining: update TASK_KILLED',
  },
  draining: {
    launch: 'same: refuse',
    shutdown: 'same: set-drain-timer 3000',
    'agent-lost': 'done: exit 1',
    drained: 'done: exit 0',
    'drain-elapsed': 'done: exit 1',
  },
  done: {},
};

function renderEffect(effect: Effect): string {
  const detail =
    'state' in effect
      ? effect.state
      : 'delayMs' in effect
        ? effect.delayMs
        : 'code' in effect
          ? effect.code
          : '';
  return `${effect.kind} ${detail}`.trim();
}

function render(before: TaskLife, event: TaskEvent): string {
  const { state, effects } = transition(before, event, 1000);
  const next = state === before ? 'same' : state.kind;
  return `${next}: ${effects.map(renderEffect).join(', ')}`.trim();
}

/** Runs events one after another and gives every effect. */
function play(...events: readonly TaskEvent[]): readonly Effect[] {
  let state: TaskLife = { kind: 'idle' };
  return events.flatMap((event) => {
    const step = transition(state, event, 0);
    state = step.state;
    return [...step.effects];
  });
}

function updatesOf(effects: readonly Effect[]) {
  return effects.filter((effect) => effect.kind === 'update');
}

const LAUNCH: TaskEvent = { kind: 'launch', taskId: 't1', announceKilling: false };
const TO_RUNNING: readonly TaskEvent[] = [LAUNCH, EVENTS.provisioned, EVENTS.prepared, EVENTS.ready];

describe('life of a task', () => {
  for (const state of Object.values(STATES))
    for (const event of Object.values(EVENTS)) {
      const expected = EXPECTED[state.kind][event.kind] ?? 'same:';
      it(`${state.kind} + ${event.kind} → ${expected}`, () => assert.equal(render(state, event), expected));
    }

  it('reports RUNNING as healthy, and only after the probe', () => {
    const updates = updatesOf(play(...TO_RUNNING));
    assert.deepEqual(updates, [
      { kind: 'update', state: 'TASK_STARTING' },
      { kind: 'update', state: 'TASK_RUNNING', healthy: true },
    ]);
  });

  it('finishes with code 0 and fails with any other', () => {
    const states = [0, 3].map((code) => {
      const exited: TaskEvent = { kind: 'exited', end: { ...end, code } };
      return updatesOf(play(...TO_RUNNING, exited, EVENTS.released)).at(-1)?.state;
    });
    assert.deepEqual(states, ['TASK_FINISHED', 'TASK_FAILED']);
  });

  it('sends the last update only after everything was released', () => {
    const kinds = play(...TO_RUNNING, EVENTS.exited, EVENTS.released).map(renderEffect);
    assert.deepEqual(kinds.slice(-2), ['release', 'update TASK_FAILED']);
  });

  it('leaves KILLING out when the framework does not know it', () => {
    const states = updatesOf(play(...TO_RUNNING, EVENTS.kill, EVENTS.exited, EVENTS.released));
    assert.deepEqual(
      states.map(({ state }) => state),
      ['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLED'],
    );
  });

  it('keeps the failure of a service that was not ready, also when it is killed then', () => {
    const effects = play(
      ...TO_RUNNING.slice(0, 3),
      EVENTS['not-ready'],
      EVENTS.kill,
      EVENTS.exited,
      EVENTS.released,
    );
    assert.deepEqual(updatesOf(effects).at(-1), {
      kind: 'update',
      state: 'TASK_FAILED',
      message: 'refused',
    });
  });

  it('lets a second kill only bring the end nearer', () => {
    const later: TaskEvent = { kind: 'kill', graceMs: 60_000 };
    assert.equal(render(STATES.killing, later), 'same:');
  });

  it('waits only shortly for the last acknowledgement after a shutdown, and not at all without an agent', () => {
    const drains = [EVENTS.shutdown, EVENTS['agent-lost']].map((event) =>
      play(...TO_RUNNING, event, EVENTS.exited, EVENTS.released)
        .map(renderEffect)
        .at(-1),
    );
    assert.deepEqual(drains, ['set-drain-timer 3000', 'set-drain-timer 0']);
  });

  it('fails a task at once whose launch spec cannot be read, and then waits to leave', () => {
    const effects = play({ ...LAUNCH, problem: 'no version' } as TaskEvent, EVENTS.drained);
    assert.deepEqual(effects.map(renderEffect), ['update TASK_FAILED', 'exit 0']);
  });

  it('does not take a repeated launch of its own task for a second one', () => {
    assert.equal(render(STATES.running, LAUNCH), 'same:');
  });
});
