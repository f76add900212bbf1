import assert from 'node:assert/strict';
import { toExplainReport } from '../../../../scheduler/api/status.ts';
import { renderExplain, renderExplained } from '../../../../scheduler/commands/explain-text.ts';
import { EngineWorld, makeComponent, makeSpec } from '../../../support/engine-world.ts';

const VIEW = { columns: 80, colours: 'plain' } as const;

function makeWorld(changes = {}): EngineWorld {
  const world = new EngineWorld(makeSpec(makeComponent(changes)));
  world.subscribe();
  return world;
}

function explain(world: EngineWorld): string {
  return renderExplain(toExplainReport(world.state, world.nowMs), VIEW);
}

describe('the explanation for people', () => {
  it('says what an instance needs, how many agents each stage refused, and the best miss', () => {
    const world = makeWorld({ hostname: 'h7' });
    world.offer('h1', 'h2');
    const text = explain(world);
    assert.match(text, /^worker-0$/m);
    assert.match(text, /^ {2}needs cpus 1\.1, mem 672 MiB, host h7$/m);
    assert.match(text, /^ {2}STAGE +REFUSED +ALONE +BEST ON$/m);
    assert.match(text, /^ {2}host +2 +2 +h1\n {4}needs host h7, offered h1$/m);
    assert.deepEqual(
      text.split('\n').filter((line) => line.length > 80),
      [],
    );
  });

  it('tells failures with their hosts, and crash loops', () => {
    const world = makeWorld();
    for (let count = 0; count < 4; count += 1) {
      world.offer(`h${count}`);
      world.report('worker-0', 'TASK_FAILED', { message: 'no journal folder' });
      world.tick(600_000);
    }
    const text = explain(world);
    assert.match(text, /^ {2}failed \d{4}-\S+Z on h0 after 0ms: no journal folder$/m);
  });

  it('says once what an instance says each time that it ends', () => {
    const world = makeWorld();
    for (let count = 0; count < 4; count += 1) {
      world.offer(`h${count}`);
      world.report('worker-0', 'TASK_FAILED', { message: 'no journal folder' });
      world.tick(20_000);
    }
    const text = explain(world).replaceAll(/\n {2}(?!failed)/g, ' ');
    assert.equal(text.match(/crash loop: 4 ends/g)?.length, 1);
    assert.equal(text.match(/no journal folder/g)?.length, 1);
    assert.match(text, /^ {2}failed \d{4}-\S+Z on h3 after 0ms, as above$/m);
  });

  it('lists hosts that are not used, with what is still there', () => {
    const world = makeWorld({ pinned: true });
    world.offer('h1');
    world.report('worker-0', 'TASK_RUNNING');
    world.send({ kind: 'operator', action: { kind: 'drain', hostname: 'h1' } });
    assert.match(explain(world), /HOSTS THAT ARE NOT USED\nh1\n {2}.*\n {2}still there: worker-0: /);
  });

  it('counts those that have what they need, and tells of one what was asked', () => {
    const world = makeWorld();
    world.offer('h1');
    world.report('worker-0', 'TASK_RUNNING');
    assert.equal(explain(world), '1 of 1 have nothing to explain\n');
    const [worker] = toExplainReport(world.state, world.nowMs).instances;
    assert.ok(worker);
    assert.match(renderExplained(worker, VIEW), /^worker-0\n {2}has its task\n {2}needs cpus 1\.1/);
  });
});
