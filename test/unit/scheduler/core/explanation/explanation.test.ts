import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Offer } from '../../../../../protocol/mesos/framework.ts';
import { toExplainReport } from '../../../../../scheduler/api/status.ts';
import { explainWaiting } from '../../../../../scheduler/core/explain.ts';
import { NO_REFUSALS, addRound } from '../../../../../scheduler/core/explanation/refusal-ledger.ts';
import { summarizeStages } from '../../../../../scheduler/core/explanation/stage-summary.ts';
import {
  EngineWorld,
  makeComponent,
  makeOffer,
  makeSpec,
  portRanges,
  scalar,
} from '../../../../support/engine-world.ts';

const component = makeComponent({
  count: 2,
  resources: { cpusMilli: 1900, memMiB: 512, diskMiB: 0 },
  ports: [{ name: 'rpc', preferred: 19_998, required: true, key: 'alluxio.master.rpc.port' }],
});

function small(hostname: string, cpus: number, withPort: 'with port' | 'without port' = 'with port') {
  const ports = withPort === 'with port' ? portRanges([19_998, 19_998]) : portRanges([31_000, 32_000]);
  return makeOffer(hostname, [scalar('cpus', cpus), scalar('mem', 4096), ports]);
}

function start(): EngineWorld {
  const world = new EngineWorld(makeSpec(component));
  world.subscribe();
  return world;
}

function stagesOf(world: EngineWorld, name = 'worker-0') {
  const report = toExplainReport(world.state, world.nowMs);
  return report.instances.find((instance) => instance.name === name)?.stages ?? [];
}

describe('explanation', () => {
  it('counts agents per stage, and shows by how much the best one missed', () => {
    const world = start();
    world.offer(small('h1', 0.5), small('h2', 1.5), small('h3', 1), small('h4', 4, 'without port'));
    assert.deepEqual(stagesOf(world), [
      {
        stage: 'cpus',
        refused: 3,
        alone: 3,
        best: 'needs 2 cpus (0.1 of them for the executor), offered 1.5',
        example: 'h2',
      },
      {
        stage: 'ports',
        refused: 1,
        alone: 1,
        best: 'needs port 19998 (alluxio.master.rpc.port), offered 31000-32000',
        example: 'h4',
      },
    ]);
    assert.equal(
      explainWaiting(world.state, world.instance('worker-1'), world.nowMs),
      'no offer fits: cpus: 3 agents, at best on h2: needs 2 cpus (0.1 of them for the executor), offered 1.5 | ' +
        'ports: 1 agent, at best on h4: needs port 19998 (alluxio.master.rpc.port), offered 31000-32000',
    );
  });

  it('counts each agent once, however often it offers, over many batches', () => {
    const world = start();
    for (let round = 0; round < 3; round += 1)
      for (let batch = 0; batch < 10; batch += 1) {
        world.offer(...Array.from({ length: 50 }, (_, index) => small(`h${batch * 50 + index}`, 1)));
        world.tick(100);
      }
    assert.deepEqual(
      stagesOf(world).map(({ stage, refused }) => [stage, refused]),
      [['cpus', 500]],
    );
  });

  it('takes the last word of an agent, and forgets one that has been silent for long', () => {
    const world = start();
    world.offer(small('h1', 1), small('h2', 1));
    world.offer(small('h1', 4, 'without port'));
    assert.deepEqual(
      stagesOf(world).map(({ stage, refused }) => [stage, refused]),
      [
        ['cpus', 1],
        ['ports', 1],
      ],
    );
    world.nowMs += world.state.settings.timing.explainMs;
    world.offer(small('h1', 1));
    assert.deepEqual(
      stagesOf(world).map(({ refused, example }) => [refused, example]),
      [[2, 'h2']],
    );
    world.nowMs += 1;
    world.offer(small('h1', 1));
    assert.deepEqual(
      stagesOf(world).map(({ refused, example }) => [refused, example]),
      [[1, 'h1']],
    );
  });

  it('is said once in the log, and again when another stage refuses', () => {
    const world = start();
    const said = (...offers: readonly Offer[]) =>
      world
        .offer(...offers)
        .filter((effect) => effect.kind === 'log' && effect.text.startsWith('no offer fits')).length;
    assert.equal(said(small('h1', 1), small('h2', 1)), 1);
    assert.equal(said(small('h1', 0.5), small('h3', 1)), 0);
    assert.equal(said(small('h4', 4, 'without port')), 1);
    assert.equal(said(small('h4', 4, 'without port')), 0);
  });

  it('an instance that may go to one host only is told about that host', () => {
    const world = new EngineWorld(makeSpec(makeComponent({ pinned: true })));
    world.subscribe();
    world.offer('h1');
    world.report('worker-0', 'TASK_FAILED');
    world.tick(60_000);
    world.offer('h2', 'h3', 'h4', 'h5', 'h6');
    world.offer('h7', 'h8', 'h9');
    assert.equal(
      explainWaiting(world.state, world.instance('worker-0'), world.nowMs),
      'needs host h1, which makes no offer (the last 1min 0s ago); other hosts do',
    );
  });

  it('says nothing of offers to one that has its task', () => {
    const world = start();
    world.offer(small('h1', 1), small('h2', 4));
    assert.deepEqual(stagesOf(world, 'worker-0'), []);
    assert.equal(stagesOf(world, 'worker-1').length, 1 + 1);
  });

  it('counts an agent that fails two constraints once', () => {
    const constraint = (reason: string) => ({ stage: 'constraints' as const, passes: false, reason });
    const failed = [constraint('needs rack LIKE r1'), constraint('h1 has 1 of at most 1')];
    const [stage] = summarizeStages([{ atMs: 0, hostname: 'h1', failed }]);
    assert.deepEqual([stage?.refused, stage?.alone, stage?.best], [1, 1, 'needs rack LIKE r1']);
  });

  it('takes any stage, and adds up to the agents that refused', () =>
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }), { maxLength: 60 }),
        (agents) => {
          const refused = agents.map((stages, index) => ({
            offerId: `O${index}`,
            agentId: `A${index}`,
            hostname: `h${index}`,
            outcomes: stages.map((stage) => ({ stage: stage as 'cpus', passes: false, reason: stage })),
          }));
          const ledger = addRound(NO_REFUSALS, { nowMs: 0, keptMs: 1, agents: [], refused });
          const summary = summarizeStages(ledger.values());
          const total = summary.reduce((sum, stage) => sum + stage.refused, 0);
          const alone = summary.reduce((sum, stage) => sum + stage.alone, 0);
          return (
            total === agents.flat().length && alone === agents.filter(({ length }) => length === 1).length
          );
        },
      ),
      { seed: 5, numRuns: 100 },
    ));
});
