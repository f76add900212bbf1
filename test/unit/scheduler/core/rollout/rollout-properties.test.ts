/** Whatever happens during rollouts: no component loses more instances at a time than its strategy allows, and it ends. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ComponentSpec } from '../../../../../scheduler/core/service-spec.ts';
import { makeComponent, makeSpec } from '../../../../support/engine-world.ts';
import { RolloutWorld, describeSpec } from './rollout-world.ts';

type Turn =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'fail'; readonly pick: number }
  | { readonly kind: 'change'; readonly size: number }
  | { readonly kind: 'crash' | 'serve' | 'restart-all' | 'rollback' };

const turn: fc.Arbitrary<Turn> = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 15_000 }) }),
  fc.record({ kind: fc.constant('fail' as const), pick: fc.nat(20) }),
  fc.record({ kind: fc.constant('change' as const), size: fc.nat(3) }),
  fc.record({
    kind: fc.constantFrom<'crash' | 'serve' | 'restart-all' | 'rollback'>(
      'crash',
      'serve',
      'restart-all',
      'rollback',
    ),
  }),
);

function makeComponents(size: number, atATime: number): ComponentSpec[] {
  const rollout = { strategy: { parallel: atATime } };
  return [
    makeComponent({ name: 'master', settings: { size: String(size % 2) }, count: 2 }),
    makeComponent({ settings: { size: String(size) }, count: 4, after: ['master'], rollout }),
  ];
}

class Schedule {
  world: RolloutWorld;
  readonly #atATime: number;
  #size = 0;

  constructor(atATime: number) {
    this.#atATime = atATime;
    this.world = RolloutWorld.start(...makeComponents(0, atATime));
  }

  get #spec() {
    return makeSpec(...makeComponents(this.#size, this.#atATime));
  }

  play(turns: readonly Turn[]): void {
    for (const one of turns) this.#turn(one);
  }

  #turn(one: Turn): void {
    if (one.kind === 'wait') return this.#tick(one.ms);
    if (one.kind === 'serve') return this.world.settle();
    if (one.kind === 'restart-all') return void this.world.order({ kind: 'restart' });
    if (one.kind === 'change') return this.#change(one.size);
    if (one.kind === 'fail') return this.#fail(one.pick);
    if (one.kind === 'crash') this.world = this.world.restarted(this.#spec, String(this.#size));
    else if (this.world.refusalOf({ kind: 'rollback' }) === undefined) this.#rollBack();
  }

  #change(size: number): void {
    this.#size = size;
    this.world.configure(this.#spec, String(size));
  }

  #rollBack(): void {
    this.world.order({ kind: 'rollback' });
    this.#change(Number(this.world.state.facts.rollback?.to));
  }

  #fail(pick: number): void {
    const ready = this.world.state.instances.list().filter(({ phase }) => phase === 'ready');
    const failed = ready[pick % Math.max(1, ready.length)];
    if (failed !== undefined) this.world.report(failed.name, 'TASK_FAILED');
  }

  /** Of those that served before the tick. */
  #tick(ms: number): void {
    const before = this.world.state.instances.list();
    const killed = this.world.killsAfter(ms).map((name) => before.find((instance) => instance.name === name));
    for (const [component, most] of [
      ['master', 1],
      ['worker', this.#atATime],
    ] as const) {
      const ended = killed.filter((one) => one?.component === component && one.phase === 'ready').length;
      const moving = before.filter(
        (one) => one.component === component && ['launching', 'starting', 'killing'].includes(one.phase),
      );
      if (ended > 0) assert.ok(ended + moving.length <= most + this.#restartedUnready(killed, component));
    }
  }

  /** Those serve nobody; they are restarted without a turn of their own. */
  #restartedUnready(
    killed: readonly ({ component: string; phase: string } | undefined)[],
    component: string,
  ): number {
    return killed.filter((one) => one?.component === component && one.phase !== 'ready').length;
  }

  finish(): void {
    for (let round = 0; round < 40; round += 1) {
      if (this.world.refusalOf({ kind: 'resume-plan' }) === undefined)
        this.world.order({ kind: 'resume-plan' });
      this.#tick(30_000);
      this.world.settle();
    }
    this.#tick(30_000);
    const digests = describeSpec(this.#spec).components;
    for (const { name, component, task } of this.world.state.instances.list())
      assert.equal(task?.configuration, digests[component]?.digest, name);
    assert.equal(this.world.plan().phase, 'complete');
    assert.equal(this.world.state.facts.rollout, undefined);
  }
}

describe('rollouts under any schedule', function () {
  this.timeout(60_000);

  it('keep to their strategy and end with everything under the target', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 40 }), fc.integer({ min: 1, max: 3 }), (turns, atATime) => {
        const schedule = new Schedule(atATime);
        schedule.play(turns);
        schedule.finish();
      }),
      { numRuns: 200 },
    );
  });
});
