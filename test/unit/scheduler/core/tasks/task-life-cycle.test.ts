import assert from 'node:assert/strict';
import { TASK_STATES, type TaskState } from '../../../../../protocol/mesos/task.ts';
import {
  INSTANCE_PHASES,
  type InstancePhase,
  type InstanceRecord,
  createInstance,
} from '../../../../../scheduler/core/instance.ts';
import { type InstanceEvent, transition } from '../../../../../scheduler/core/tasks/task-life-cycle.ts';
import { DEFAULT_TIMING as timing, toBackoffMs } from '../../../../../scheduler/core/timing.ts';

const NOW = 10_000_000;
const moment = { nowMs: NOW, chance: 1, timing };
const task = {
  taskId: 'T',
  agentId: 'A',
  hostname: 'h1',
  host: 'h1',
  launchedAtMs: NOW,
  resources: [],
  executorResources: [],
  upstream: '[]',
  bundleSha256: 'b',
};

function inPhase(phase: InstancePhase, changes: Partial<InstanceRecord> = {}): InstanceRecord {
  const hasTask = !['waiting', 'refused', 'stopped'].includes(phase);
  return {
    ...createInstance('worker', 0, NOW),
    phase,
    ...(hasTask && { task, hostname: 'h1' }),
    ...(phase === 'killing' && { afterKill: 'relaunch' as const, killSentAtMs: NOW }),
    ...(phase === 'unreachable' && { replaceAtMs: NOW + 1 }),
    ...changes,
  };
}

function status(state: TaskState, changes: object = {}): InstanceEvent {
  return { kind: 'status', state, labels: {}, ...changes };
}

const OTHERS: readonly InstanceEvent[] = [
  { kind: 'launched', task: { ...task, taskId: 'T2' }, ports: { rpc: 1 } },
  { kind: 'unlaunchable', message: 'no' },
  { kind: 'agent-lost' },
  { kind: 'restart' },
  { kind: 'forget' },
  { kind: 'stop' },
  { kind: 'tick' },
];
const EVENTS = [...TASK_STATES.map((state) => status(state)), ...OTHERS];

const ENDED = Object.fromEntries(
  [
    'TASK_FINISHED',
    'TASK_FAILED',
    'TASK_KILLED',
    'TASK_LOST',
    'TASK_DROPPED',
    'TASK_GONE',
    'TASK_GONE_BY_OPERATOR',
  ].map((state) => [state, 'waiting']),
);
const WANTED = {
  TASK_STAGING: 'starting',
  TASK_STARTING: 'starting',
  TASK_RUNNING: 'ready',
  ...ENDED,
  TASK_ERROR: 'refused',
  TASK_UNREACHABLE: 'unreachable',
  TASK_UNKNOWN: 'unreachable',
  restart: 'killing',
  stop: 'killing',
};
/** Phase after each event; what is missing here is illegal. */
const EXPECTED: Readonly<Record<InstancePhase, Readonly<Record<string, string>>>> = {
  waiting: {
    launched: 'launching',
    unlaunchable: 'refused',
    restart: 'waiting',
    forget: 'waiting',
    stop: 'stopped',
    tick: 'waiting',
  },
  launching: { ...WANTED, TASK_KILLING: 'launching', 'agent-lost': 'launching', tick: 'launching' },
  starting: { ...WANTED, TASK_KILLING: 'starting', 'agent-lost': 'starting', tick: 'starting' },
  ready: {
    ...WANTED,
    TASK_STAGING: 'ready',
    TASK_STARTING: 'ready',
    TASK_KILLING: 'ready',
    'agent-lost': 'ready',
    tick: 'ready',
  },
  unreachable: {
    ...WANTED,
    TASK_KILLING: 'unreachable',
    'agent-lost': 'unreachable',
    tick: 'unreachable',
    launched: 'launching',
    unlaunchable: 'unreachable',
  },
  killing: {
    TASK_STAGING: 'killing',
    TASK_STARTING: 'killing',
    TASK_RUNNING: 'killing',
    TASK_KILLING: 'killing',
    ...ENDED,
    TASK_ERROR: 'waiting',
    TASK_UNREACHABLE: 'killing',
    TASK_UNKNOWN: 'killing',
    'agent-lost': 'killing',
    restart: 'killing',
    stop: 'killing',
    tick: 'killing',
  },
  refused: { restart: 'waiting', forget: 'waiting', stop: 'stopped', tick: 'refused' },
  stopped: { tick: 'stopped' },
};

describe('task life cycle', () => {
  for (const phase of INSTANCE_PHASES)
    it(`${phase}: every event leads where the table says, all others are illegal`, () => {
      const actual = EVENTS.flatMap((event) => {
        const name = event.kind === 'status' ? event.state : event.kind;
        const after = transition(inPhase(phase), event, moment)?.instance.phase;
        return after === undefined ? [] : [[name, after]];
      });
      assert.deepEqual(Object.fromEntries(actual), EXPECTED[phase]);
    });

  it('keeps what was said of a task when a reconciliation has nothing new to say', () => {
    const answer = { reason: 'REASON_RECONCILIATION', message: 'Reconciliation: Latest task state' };
    const known = inPhase('starting', { lastState: 'TASK_STARTING', lastMessage: 'unpacks' });
    const messageAfter = (state: TaskState) =>
      transition(known, status(state, answer), moment)?.instance.lastMessage;
    assert.equal(messageAfter('TASK_STARTING'), 'unpacks');
    assert.equal(messageAfter('TASK_LOST'), answer.message);
  });

  it('forgets its state only by the operator, and may then go anywhere', () => {
    const held = { formatted: ['journal'], hostname: 'h1', ports: { journal: 19200 } };
    const after = transition(inPhase('waiting', held), { kind: 'forget' }, moment)?.instance;
    assert.deepEqual([after?.formatted, after?.hostname, after?.ports], [[], undefined, {}]);
  });

  it('waits longer after each end, up to the limit', () => {
    let instance = inPhase('starting');
    const delays = [1, 2, 3, 12].map((failures) => {
      instance = inPhase('starting', { failures: failures - 1 });
      const after = transition(instance, status('TASK_FAILED'), moment)?.instance;
      return (after?.notBeforeMs ?? 0) - NOW;
    });
    assert.deepEqual(delays, [2000, 4000, 8000, timing.backoffMaxMs]);
  });

  it('forgets failures after a long run', () => {
    const instance = inPhase('ready', { failures: 7, readySinceMs: NOW - timing.stableMs });
    assert.equal(transition(instance, status('TASK_FAILED'), moment)?.instance.failures, 1);
  });

  it('jitter takes at most half of a delay', () => {
    assert.equal(toBackoffMs(1, 0, { baseMs: 1000, maxMs: 9000 }), 500);
    assert.equal(toBackoffMs(1, 1, { baseMs: 1000, maxMs: 9000 }), 1000);
  });

  it('an unreachable task that returns in time goes on as if nothing had been', () => {
    const lost = transition(
      inPhase('ready', { readySinceMs: 5 }),
      status('TASK_UNREACHABLE'),
      moment,
    )?.instance;
    assert.equal(lost?.replaceAtMs, NOW + timing.unreachableMs);
    const back = transition(lost as InstanceRecord, status('TASK_RUNNING'), moment)?.instance;
    assert.equal(back?.phase, 'ready');
    assert.equal(back?.replaceAtMs, undefined);
    assert.equal(back?.readySinceMs, 5);
  });

  it('gives an unknown task longer than a new master gives its agents', () => {
    const lost = transition(inPhase('ready'), status('TASK_UNKNOWN'), moment)?.instance;
    assert.ok((lost?.replaceAtMs ?? 0) - NOW > 600_000);
  });

  it('kills the old task when an unreachable one is replaced', () => {
    const result = transition(inPhase('unreachable'), OTHERS[0] as InstanceEvent, moment);
    assert.deepEqual(result?.effects, [{ kind: 'kill', taskId: 'T', agentId: 'A' }]);
    assert.equal(result?.instance.task?.taskId, 'T2');
  });

  it('repeats a kill that shows no effect, and not before its time', () => {
    const at = (ms: number) =>
      transition(inPhase('killing', { killSentAtMs: NOW - ms }), { kind: 'tick' }, moment)?.effects.length;
    assert.equal(at(timing.killRetryMs - 1), 0);
    assert.equal(at(timing.killRetryMs), 1);
  });

  it('a stop ends in stopped, a restart in waiting without delay', () => {
    const end = (afterKill: 'stop' | 'relaunch') =>
      transition(inPhase('killing', { afterKill, failures: 3 }), status('TASK_KILLED'), moment)?.instance;
    assert.equal(end('stop')?.phase, 'stopped');
    assert.equal(end('relaunch')?.phase, 'waiting');
    assert.equal(end('relaunch')?.notBeforeMs, NOW);
  });

  it('an unhealthy running task is not ready', () => {
    const after = transition(inPhase('ready'), status('TASK_RUNNING', { healthy: false }), moment);
    assert.equal(after?.instance.phase, 'starting');
  });

  it('remembers formatted state, and forgets it on another host', () => {
    const labels = { 'stevedore.formatted': 'journal,metastore' };
    const ready = transition(inPhase('starting'), status('TASK_RUNNING', { labels }), moment)?.instance;
    assert.deepEqual(ready?.formatted, ['journal', 'metastore']);
    const waiting = { ...(ready as InstanceRecord), phase: 'waiting' as const, task: undefined };
    const launch = (hostname: string) =>
      transition(waiting, { kind: 'launched', task: { ...task, hostname }, ports: {} }, moment)?.instance
        .formatted;
    assert.deepEqual(launch('h1'), ['journal', 'metastore']);
    assert.deepEqual(launch('h2'), []);
  });
});
