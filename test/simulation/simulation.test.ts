/**
 * The engine against a simulated cluster: lost, doubled and late messages, agents that leave and return, a scheduler that
 * is killed between any two effects. Chance is seeded; a failure names its seed.
 */
import assert from 'node:assert/strict';
import type { Step } from '../../scheduler/core/draft.ts';
import { step as engineStep } from '../../scheduler/core/engine.ts';
import { makeComponent, makeSpec } from '../support/engine-world.ts';
import { SimulatedCluster } from './simulated-cluster.ts';

const spec = makeSpec(
  makeComponent({ name: 'master', pinned: true }),
  makeComponent({ name: 'worker', count: 'every-agent', uniqueHost: true, after: ['master'] }),
  makeComponent({ name: 'proxy', count: 2, after: ['master'] }),
);

function simulate(seed: number, step = engineStep): SimulatedCluster {
  const cluster = new SimulatedCluster(spec, seed, step);
  for (let turn = 0; turn < 150; turn += 1) cluster.disturb();
  cluster.settle();
  return cluster;
}

/** Some seed must show what a broken engine does wrong. */
function findProblem(step: typeof engineStep): string | undefined {
  for (let seed = 1; seed <= 40; seed += 1) {
    const [problem] = simulate(seed, step).problems();
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function withEffects(result: Step, keep: (kind: string) => boolean): Step {
  return { ...result, effects: result.effects.filter(({ kind }) => keep(kind)) };
}

describe('engine in a simulated cluster', function () {
  this.timeout(30_000);

  it('converges after any disturbance: everything runs once, nothing unknown is left, no offer overdrawn', () => {
    for (let seed = 1; seed <= 30; seed += 1) assert.deepEqual(simulate(seed).problems(), [], `seed ${seed}`);
  });

  it('shows an engine that forgets to persist', () => {
    assert.match(
      findProblem((...args) => withEffects(engineStep(...args), (kind) => kind !== 'persist')) ?? '',
      /unknown task|twice/,
    );
  });

  it('shows an engine that never asks Mesos about its tasks', () => {
    assert.match(
      findProblem((...args) => withEffects(engineStep(...args), (kind) => kind !== 'reconcile')) ?? '',
      /./,
    );
  });

  it('shows an engine that kills nothing', () => {
    assert.match(
      findProblem((...args) => withEffects(engineStep(...args), (kind) => kind !== 'kill')) ?? '',
      /unknown task|twice|runs no/,
    );
  });
});
