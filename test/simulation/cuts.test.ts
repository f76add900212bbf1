/** The scheduler is killed after each single effect of a busy hour, one run for each, and started again. */
import assert from 'node:assert/strict';
import type { Disturbance, Script, Turn } from './script.ts';
import { simulate } from './simulate.ts';

const EVENTS: readonly Disturbance[] = [
  { kind: 'task-ends', pick: 0.1, state: 'TASK_FAILED' },
  { kind: 'operator', action: { kind: 'restart', instance: 'store-0' } },
  { kind: 'agent-leaves', pick: 0.6 },
  { kind: 'operator', action: { kind: 'restart', instance: 'proxy-0' } },
  { kind: 'disconnect' },
  { kind: 'agent-returns', pick: 0 },
  { kind: 'agent-replaced', pick: 0.3 },
  { kind: 'master-failover' },
  { kind: 'task-ends', pick: 0.9, state: 'TASK_FINISHED' },
  { kind: 'configure', variant: 'large' },
  { kind: 'operator', action: { kind: 'replace', instance: 'store-0' } },
  { kind: 'operator', action: { kind: 'scale', component: 'proxy', count: 1 } },
  { kind: 'operator', action: { kind: 'rollback' } },
];

const QUIET: readonly Turn[] = Array.from({ length: 6 }, () => ({ advanceMs: 20_000 }));
const TURNS: readonly Turn[] = EVENTS.flatMap((disturbance) => [...QUIET, { advanceMs: 5000, disturbance }]);

function cutAfter({ service, end }: Pick<Script, 'service' | 'end'>, effects: number): Script {
  const crash = { advanceMs: 1000, disturbance: { kind: 'crash', afterEffects: effects } } as const;
  return { seed: 7, service, end, turns: [crash, ...TURNS, ...QUIET] };
}

describe('engine killed after every single effect', function () {
  this.timeout(0);

  const kinds = new Set<string>();

  const courses = [
    { service: 'following', end: 'rest' },
    { service: 'fixed', end: 'rest' },
    { service: 'volumes', end: 'teardown' },
  ] as const;
  for (const course of courses)
    it(`goes on after each of them as if nothing had been: ${course.service}`, async () => {
      const whole = await simulate(cutAfter(course, Number.MAX_SAFE_INTEGER));
      assert.deepEqual(whole.problems, []);
      for (let effects = 1; effects <= whole.scheduler.performed; effects += 1) {
        const { problems, scheduler } = await simulate(cutAfter(course, effects));
        assert.deepEqual(problems, [], `killed after effect ${effects}`);
        if (scheduler.lastOfFirstLife !== undefined) kinds.add(scheduler.lastOfFirstLife);
      }
    });

  it('was killed after every kind of effect', () => {
    const all = [
      'persist',
      'accept',
      'release',
      'decline',
      'kill',
      'acknowledge',
      'reconcile',
      'suppress',
      'revive',
      'use-configuration',
      'prepare-configuration',
      'teardown',
    ];
    assert.deepEqual(
      all.filter((kind) => !kinds.has(kind)),
      [],
    );
  });
});
