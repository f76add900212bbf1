import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createInstance } from '../../../../../scheduler/core/instance.ts';
import {
  type Reconciliation,
  addQuestion,
  noteAnswer,
  planQuestions,
  startReconciliation,
} from '../../../../../scheduler/core/tasks/reconciliation.ts';
import { DEFAULT_TIMING as timing } from '../../../../../scheduler/core/timing.ts';
import { EngineWorld, kindsOf, makeComponent, makeSpec } from '../../../../support/engine-world.ts';

function begin(count: number): Reconciliation {
  const instances = Array.from({ length: count }, (_, index) => ({
    ...createInstance('worker', index, 0),
    task: {
      taskId: `T${index}`,
      agentId: 'A',
      hostname: 'h',
      host: 'h',
      launchedAtMs: 0,
      resources: [],
      executorResources: [],
      upstream: '',
      bundleSha256: '',
    },
  }));
  return startReconciliation(instances, 0);
}

describe('reconciliation', () => {
  it('asks until every task was answered, however many answers are lost, and then is silent', () =>
    fc.assert(
      fc.property(fc.nat(30), fc.infiniteStream(fc.nat(3)), fc.nat(1000), (count, luck, chance) => {
        let state = begin(count);
        let asked = 0;
        for (let nowMs = 0; nowMs < 3_600_000; nowMs += 500) {
          const questions = planQuestions(state, { nowMs, chance: chance / 1000, timing });
          state = questions.state;
          for (const { taskId } of questions.calls.flat()) {
            asked += 1;
            if (luck.next().value !== 0) state = noteAnswer(state, taskId);
          }
        }
        return state.pending.size === 0 && asked >= count;
      }),
      { seed: 11, numRuns: 20 },
    ));

  it('waits longer after each round, never beyond the limit, and never the same for all schedulers', () => {
    const gaps = (chance: number): number[] => {
      let state = begin(1);
      const times: number[] = [];
      for (let nowMs = 0; nowMs < 300_000; nowMs += 100) {
        const questions = planQuestions(state, { nowMs, chance, timing });
        state = questions.state;
        if (questions.calls.some(({ length }) => length > 0)) times.push(nowMs);
      }
      return times.slice(1).map((time, index) => time - (times[index] as number));
    };
    const [first = 0] = gaps(1);
    assert.equal(first, timing.reconcileBaseMs);
    assert.ok(Math.max(...gaps(1)) <= timing.reconcileMaxMs);
    assert.notDeepEqual(gaps(0), gaps(1));
  });

  it('spreads the implicit rounds of schedulers that start together', () => {
    const firstAt = (chance: number) => {
      const { state } = planQuestions({ ...begin(0), nextImplicitAtMs: 0 }, { nowMs: 0, chance, timing });
      return state.nextImplicitAtMs;
    };
    assert.notEqual(firstAt(0), firstAt(1));
    assert.ok(firstAt(1) <= timing.implicitReconcileMs && firstAt(0) >= timing.implicitReconcileMs / 2);
  });

  it('does not ask twice about one task, nor put off others for a new question', () => {
    const state = begin(1);
    assert.equal(addQuestion(state, { taskId: 'T0', agentId: 'A' }, 5), state);
    const asked = planQuestions(state, { nowMs: 0, chance: 1, timing }).state;
    assert.equal(addQuestion(asked, { taskId: 'T9', agentId: 'A' }, 5).nextAtMs, asked.nextAtMs);
  });

  it('a task that only Mesos knows, told by an implicit round, is killed', () => {
    const world = new EngineWorld(makeSpec(makeComponent()));
    world.subscribe();
    const status = { task_id: { value: 'stray' }, agent_id: { value: 'A' }, state: 'TASK_RUNNING' as const };
    const copy = { ...status, reason: 'REASON_RECONCILIATION' };
    assert.deepEqual(kindsOf(world.send({ kind: 'update', status: copy })), ['kill']);
  });

  it('stores nothing when an answer brings nothing new, and what is new when it does', () => {
    const world = new EngineWorld(makeSpec(makeComponent()));
    world.subscribe();
    world.offer('h1');
    const labels = { labels: [{ key: 'pid', value: '7' }] };
    world.report('worker-0', 'TASK_RUNNING', { labels });
    const before = world.instance('worker-0');
    const again = { reason: 'REASON_RECONCILIATION' };
    assert.deepEqual(kindsOf(world.report('worker-0', 'TASK_RUNNING', { ...again, labels })), [
      'acknowledge',
    ]);
    assert.equal(world.instance('worker-0'), before);
    assert.deepEqual(kindsOf(world.report('worker-0', 'TASK_UNREACHABLE', again)), [
      'persist',
      'acknowledge',
      'reconcile',
    ]);
  });
});
