/**
 * A scheduler on the state of one that started so many tasks: subscribes, and hears of all of them. Prints the seconds, those of
 * CPU, the writes of the store and the most memory in MiB, as JSON. It fails when an answer was lost.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import type { TaskStatus } from '../protocol/mesos/task.ts';
import { EventLog } from '../scheduler/api/event-log.ts';
import { toEvents } from '../scheduler/api/events.ts';
import { findWebUrl } from '../scheduler/api/status.ts';
import { createEngineState } from '../scheduler/core/engine-start.ts';
import type { EngineState } from '../scheduler/core/engine-state.ts';
import { step } from '../scheduler/core/engine.ts';
import { EngineLoop } from '../scheduler/engine-loop.ts';
import { SchedulerMetrics } from '../scheduler/metrics/scheduler-metrics.ts';
import {
  type SchedulerState,
  openSchedulerState,
  toRecordChanges,
} from '../scheduler/state/scheduler-state.ts';
import { openSqliteRecordStore } from '../scheduler/state/sqlite-record-store.ts';
import { EngineWorld, makeComponent, makeOffer, makeSpec } from '../test/support/engine-world.ts';
import { readMemoryMib } from './process-memory.ts';

const [directory = '', tasks = ''] = process.argv.slice(2);
const count = Number(tasks);
const web = { name: 'web', preferred: 31_000, required: false, key: 'web' };
const spec = makeSpec(
  makeComponent({ name: 'master', webPort: 'web', ports: [web] }),
  makeComponent({ count: count - 1, after: ['master'] }),
);

/** As the scheduler before has left it: everything starts, and has become ready meanwhile. */
function startAll(): EngineState {
  const world = new EngineWorld(spec);
  world.subscribe();
  world.offer('host-0');
  world.report('master-0', 'TASK_RUNNING');
  world.offer(...Array.from({ length: count }, (_, index) => makeOffer(`host-${index}`)));
  for (const name of world.state.instances.names()) world.report(name, 'TASK_STARTING');
  return world.state;
}

async function storeAll({ instances }: EngineState): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const store = openSqliteRecordStore(directory);
  const state = await openSchedulerState(store, spec.cluster, directory);
  await state.persist(
    toRecordChanges({ frameworkId: 'F', changed: instances.list(), removed: [], facts: {} }),
  );
  await store.close();
}

/** The loop with all that a scheduler does beside it, but for the calls to Mesos. */
function createLoop(stored: SchedulerState, settings: EngineState['settings'], written: () => void) {
  const [metrics, events] = [new SchedulerMetrics(), new EventLog()];
  return new EngineLoop({
    state: createEngineState(settings, stored.stored, Date.now()),
    step,
    persist: (changes) => {
      written();
      return stored.persist(changes);
    },
    perform: () => {},
    connection: () => undefined,
    confirm: () => Promise.resolve(true),
    observe: (performed) => {
      metrics.observe(performed);
      for (const event of toEvents(performed)) events.add(event, performed.nowMs);
      findWebUrl(performed.state);
    },
    onFailure: (error) => assert.fail(String(error)),
    now: Date.now,
    chance: Math.random,
    signal: new AbortController().signal,
  });
}

function toAnswers({ instances }: EngineState): TaskStatus[] {
  return instances.list().flatMap(({ task }) => {
    if (task === undefined) return [];
    const { taskId, agentId } = task;
    const why = { reason: 'REASON_RECONCILIATION', message: 'Reconciliation: Latest task state' };
    return [{ task_id: { value: taskId }, agent_id: { value: agentId }, state: 'TASK_RUNNING', ...why }];
  });
}

const before = startAll();
await storeAll(before);
const answers = toAnswers(before);
const store = openSqliteRecordStore(directory);
const stored = await openSchedulerState(store, spec.cluster, directory);
let writes = 0;
const loop = createLoop(stored, before.settings, () => {
  writes += 1;
});
await loop.dispatch({ kind: 'subscribed', frameworkId: 'F', master: 'm:5050' });
assert.equal(loop.state.reconciliation.pending.size, count);
writes = 0;
const startedAt = performance.now();
const cpuBefore = process.cpuUsage();
await Promise.all(answers.map((status) => loop.dispatch({ kind: 'update', status })));
const seconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
assert.equal(loop.state.reconciliation.pending.size, 0);
assert.ok(loop.state.instances.list().every(({ phase }) => phase === 'ready'));
await store.close();
const peakMib = readMemoryMib(process.pid, 'VmHWM');
console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, writes, peakMib }));
