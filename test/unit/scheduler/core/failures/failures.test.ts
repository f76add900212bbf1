/** What failures do to the service, seen through the engine. */
import assert from 'node:assert/strict';
import { explainWaiting } from '../../../../../scheduler/core/explain.ts';
import type { EngineEffect } from '../../../../../scheduler/core/engine-effects.ts';
import type { MaximumFailedTasks } from '../../../../../scheduler/core/failures/failed-tasks.ts';
import { DEFAULT_TIMING as timing } from '../../../../../scheduler/core/timing.ts';
import { restartEngine } from '../../../../support/engine-restart.ts';
import {
  EngineWorld,
  kindsOf,
  launchesOf,
  makeComponent,
  makeSpec,
} from '../../../../support/engine-world.ts';

function start(...components: Parameters<typeof makeSpec>): EngineWorld {
  const world = new EngineWorld(makeSpec(...components));
  world.subscribe();
  return world;
}

function limit(world: EngineWorld, maximumFailedTasks: MaximumFailedTasks): void {
  const { settings } = world.state;
  world.state = { ...world.state, settings: { ...settings, maximumFailedTasks } };
}

function failOnce(world: EngineWorld, name: string, hosts: readonly string[]): readonly EngineEffect[] {
  world.tick(timing.backoffMaxMs);
  world.offer(...hosts);
  return world.report(name, 'TASK_FAILED', { message: 'exit 1' });
}

function logsOf(effects: readonly EngineEffect[]): string[] {
  return effects.flatMap((effect) => (effect.kind === 'log' ? [effect.text] : []));
}

describe('engine: ends of tasks', () => {
  it('a dropped launch is tried again at once, and is no failure', () => {
    const world = start(makeComponent());
    world.offer('h1');
    world.report('worker-0', 'TASK_DROPPED', { reason: 'REASON_INVALID_OFFERS' });
    const { failures, recentFailures, notBeforeMs } = world.instance('worker-0');
    assert.deepEqual([failures, recentFailures], [0, undefined]);
    assert.ok(notBeforeMs - world.nowMs <= timing.dropBackoffBaseMs);
    world.tick(timing.dropBackoffBaseMs);
    assert.equal(launchesOf(world.offer('h1')).length, 1);
  });

  it('a cluster that drops every launch is asked less and less often', () => {
    const world = start(makeComponent());
    const delays = [1, 2, 3, 4].map(() => {
      world.offer('h1');
      world.report('worker-0', 'TASK_DROPPED');
      const delayMs = world.instance('worker-0').notBeforeMs - world.nowMs;
      world.tick(timing.dropBackoffMaxMs);
      return delayMs;
    });
    assert.deepEqual(
      delays,
      delays.toSorted((a, b) => a - b),
    );
    assert.ok((delays[3] ?? 0) > 4 * (delays[0] ?? 0));
  });

  it('a task of a drained agent moves at once, and has not failed', () => {
    const world = start(makeComponent());
    world.offer('h1');
    world.report('worker-0', 'TASK_RUNNING');
    world.report('worker-0', 'TASK_KILLED', { reason: 'REASON_AGENT_DRAINING' });
    assert.equal(world.instance('worker-0').failures, 0);
    assert.equal(world.state.facts.agents, undefined);
    assert.equal(launchesOf(world.offer('h2')).length, 1);
  });

  it('an agent that an operator marks as gone frees a pinned instance, loudly', () => {
    const world = start(makeComponent({ name: 'master', pinned: true }));
    world.offer('h1');
    const labels = { labels: [{ key: 'stevedore.formatted', value: 'journal' }] };
    world.report('master-0', 'TASK_RUNNING', { labels });
    const effects = world.report('master-0', 'TASK_GONE_BY_OPERATOR');
    const said = effects.find((effect) => effect.kind === 'log' && effect.level === 'error');
    assert.match(JSON.stringify(said), /marked the agent as gone.*"lost":"journal"/);
    const [launch] = launchesOf(world.offer('h2'));
    assert.deepEqual([launch?.placed.agentHostname, launch?.placed.formatted], ['h2', []]);
  });

  it('one of every agent goes with its agent', () => {
    const world = start(makeComponent({ count: 'every-agent', uniqueHost: true }));
    world.offer('h1');
    world.report('worker-0', 'TASK_GONE_BY_OPERATOR');
    assert.deepEqual(world.state.instances.names(), []);
  });

  it('a task that comes back after it was replaced is killed', () => {
    const world = start(makeComponent());
    world.offer('h1');
    const lost = world.taskOf('worker-0');
    world.report('worker-0', 'TASK_RUNNING');
    world.report('worker-0', 'TASK_UNREACHABLE');
    world.tick(timing.unreachableMs);
    world.offer('h2');
    assert.notEqual(world.taskOf('worker-0'), lost);
    assert.deepEqual(kindsOf(world.update(lost, 'TASK_RUNNING')), ['acknowledge', 'kill']);
  });
});

describe('engine: crash loops and hosts', () => {
  it('explains a crash loop, and keeps it across a restart', () => {
    const world = start(makeComponent());
    for (let turn = 0; turn < 3; turn += 1) failOnce(world, 'worker-0', ['h1']);
    const expected =
      /^crash loop: 3 ends in 4min 0s, each after 0ms, on h1, last: exit 1; starts again in .*, after 3 failures in a row$/;
    assert.match(explainWaiting(world.state, world.instance('worker-0'), world.nowMs) ?? '', expected);
    restartEngine(world);
    world.subscribe();
    assert.match(explainWaiting(world.state, world.instance('worker-0'), world.nowMs) ?? '', expected);
  });

  it('leaves a host on which a task keeps failing, also after a restart', () => {
    const world = start(makeComponent());
    const hosts = ['h1', 'h2', 'h3'];
    world.offer(...hosts);
    const first = world.instance('worker-0').task?.hostname ?? '';
    world.report('worker-0', 'TASK_FAILED');
    for (let turn = 0; turn < 2; turn += 1) failOnce(world, 'worker-0', hosts);
    restartEngine(world);
    world.subscribe();
    world.tick(timing.backoffBaseMs * 4);
    const [launch] = launchesOf(world.offer(...hosts));
    assert.notEqual(launch?.placed.agentHostname, undefined);
    assert.notEqual(launch?.placed.agentHostname, first);
  });

  it('says why an avoided host is not used', () => {
    const world = start(makeComponent());
    world.offer('h1', 'h2', 'h3');
    for (let turn = 0; turn < 3; turn += 1) failOnce(world, 'worker-0', ['h1']);
    world.tick(timing.backoffBaseMs * 4);
    assert.equal(launchesOf(world.offer('h1')).length, 0);
    assert.match(
      explainWaiting(world.state, world.instance('worker-0'), world.nowMs) ?? '',
      /h1: host h1 failed 3 tasks in 4min 0s, avoided for/,
    );
  });

  it('still uses it for an instance whose state lies there', () => {
    const world = start(makeComponent({ pinned: true }));
    world.offer('h1', 'h2', 'h3');
    for (let turn = 0; turn < 4; turn += 1) failOnce(world, 'worker-0', ['h1', 'h2', 'h3']);
    world.tick(timing.backoffMaxMs);
    assert.equal(launchesOf(world.offer('h1', 'h2', 'h3'))[0]?.placed.agentHostname, 'h1');
  });

  it('still uses the only host there is', () => {
    const world = start(makeComponent());
    for (let turn = 0; turn < 4; turn += 1) failOnce(world, 'worker-0', ['h1']);
    world.tick(timing.backoffMaxMs);
    assert.equal(launchesOf(world.offer('h1')).length, 1);
  });
});

describe('engine: maximum of failed tasks', () => {
  it('gives the service up at one more, with the reasons, and keeps those', () => {
    const world = start(makeComponent({ count: 2 }));
    limit(world, 'initial-workers');
    failOnce(world, 'worker-0', ['h1', 'h2']);
    failOnce(world, 'worker-0', ['h1', 'h2']);
    assert.equal(world.state.mode, 'running');
    const effects = failOnce(world, 'worker-0', ['h1', 'h2']);
    assert.equal(world.state.mode, 'tearing-down');
    assert.ok(logsOf(effects).includes('more tasks have failed than may: gives the service up'));
    const persist = effects.find((effect) => effect.kind === 'persist');
    assert.equal(persist?.kind === 'persist' && persist.facts.failedTasks?.exceeded?.maximum, 2);
    assert.ok(persist?.kind === 'persist' && persist.facts.teardown !== undefined);
  });

  it('counts neither drops nor drained agents nor what was asked for', () => {
    const world = start(makeComponent());
    limit(world, 0);
    world.offer('h1');
    world.report('worker-0', 'TASK_DROPPED');
    world.tick(timing.dropBackoffBaseMs);
    world.offer('h1');
    world.report('worker-0', 'TASK_KILLED', { reason: 'REASON_AGENT_DRAINING' });
    world.offer('h1');
    world.report('worker-0', 'TASK_RUNNING');
    world.send({ kind: 'operator', action: { kind: 'restart', instance: 'worker-0' } });
    world.report('worker-0', 'TASK_FAILED', { reason: 'REASON_EXECUTOR_TERMINATED' });
    assert.equal(world.state.mode, 'running');
    assert.equal(world.state.facts.failedTasks, undefined);
  });

  it('counts on after a restart', () => {
    const world = start(makeComponent());
    limit(world, 1);
    failOnce(world, 'worker-0', ['h1']);
    restartEngine(world);
    world.subscribe();
    assert.equal(world.state.mode, 'running');
    failOnce(world, 'worker-0', ['h1']);
    assert.equal(world.state.mode, 'torn-down');
  });

  it('lets any number fail with -1', () => {
    const world = start(makeComponent());
    limit(world, -1);
    for (let turn = 0; turn < 9; turn += 1) failOnce(world, 'worker-0', ['h1']);
    assert.equal(world.state.mode, 'running');
  });

  it('the next start tells why the run before was given up, once, and counts anew', () => {
    const world = start(makeComponent());
    limit(world, 0);
    failOnce(world, 'worker-0', ['h1']);
    const { failedTasks } = world.state.facts;
    world.state = { ...world.state, facts: { failedTasks } };
    restartEngine(world);
    const said = 'the run before was given up: more tasks had failed than may';
    assert.ok(logsOf(world.subscribe()).includes(said));
    assert.equal(world.state.facts.failedTasks, undefined);
    assert.ok(!logsOf(world.subscribe()).includes(said));
  });
});
