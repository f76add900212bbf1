import assert from 'node:assert/strict';
import { findWebUrl, toExplainReport, toStatusReport } from '../../../../scheduler/api/status.ts';
import { renderStatusTable } from '../../../../scheduler/commands/status-table.ts';
import { EngineWorld, makeComponent, makeSpec } from '../../../support/engine-world.ts';

const PLAIN = { columns: Number.POSITIVE_INFINITY, colours: 'plain' } as const;

function makeWorld(): EngineWorld {
  const web = { name: 'web', preferred: 31_100, required: false, key: 'web' };
  const world = new EngineWorld(
    makeSpec(
      makeComponent({ name: 'worker', after: ['master'] }),
      makeComponent({ name: 'master', ports: [web], webPort: 'web' }),
    ),
  );
  world.subscribe();
  return world;
}

function reportOf(world: EngineWorld) {
  return toStatusReport(world.state, { pid: 7, startedAtMs: 0 }, world.nowMs);
}

describe('status', () => {
  it('lists what starts first at the top and says why the rest waits', () => {
    const world = makeWorld();
    const [first, second] = reportOf(world).instances;
    assert.deepEqual([first?.name, first?.waiting], ['master-0', 'no offer has come yet']);
    assert.deepEqual([second?.name, second?.waiting], ['worker-0', 'waits until master is ready']);
  });

  it('names a back-off with its cause', () => {
    const world = makeWorld();
    world.offer('h1');
    world.report('master-0', 'TASK_FAILED', { message: 'exit code 3' });
    const [master] = reportOf(world).instances;
    assert.match(master?.waiting ?? '', /^starts again in 1\.5s, after a failure$/);
    assert.equal(master?.lastMessage, 'exit code 3');
    assert.equal(reportOf(world).phase, 'recovering');
  });

  it('says why a new configuration is not used', () => {
    const world = makeWorld();
    world.state = { ...world.state, refused: ['master cannot shrink'] };
    const table = renderStatusTable(reportOf(world), PLAIN);
    assert.match(table, /^the new configuration is refused: master cannot shrink$/m);
  });

  it('gives the page of the first ready instance', () => {
    const world = makeWorld();
    world.offer('h1');
    assert.equal(findWebUrl(world.state), undefined);
    world.report('master-0', 'TASK_RUNNING');
    assert.equal(findWebUrl(world.state), 'http://h1:31100/');
  });

  it('explains hosts that have no instance of an every-agent component', () => {
    const world = new EngineWorld(makeSpec(makeComponent({ count: 'every-agent', hostname: 'h9' })));
    world.subscribe();
    world.offer('h1');
    const [slot] = toExplainReport(world.state, world.nowMs).instances;
    assert.equal(slot?.name, 'worker-*');
    assert.ok(slot?.offers[0]?.outcomes.some(({ reason }) => reason === 'needs host h9, offered h1'));
  });

  it('prints aligned columns without colours, and colours only where asked', () => {
    const world = makeWorld();
    world.offer('h1');
    world.report('master-0', 'TASK_RUNNING');
    const plain = renderStatusTable(reportOf(world), PLAIN);
    assert.match(plain, /^master-0 {2}ready {4}\d+ms +0 +h1 web=31100 +c1\.master-0\.\w+$/m);
    assert.match(plain, /^worker-0 {2}waiting/m);
    assert.ok(!plain.includes('\u001b'));
    assert.ok(renderStatusTable(reportOf(world), { ...PLAIN, colours: 'colours' }).includes('\u001b[32m'));
  });

  it('fits 80 columns: what can be asked for with --json is left out first, sentences are broken', () => {
    const world = makeWorld();
    world.offer('a-host-with-a-name-as-clouds-give-them.region.example');
    world.report('master-0', 'TASK_RUNNING');
    world.report('master-0', 'TASK_FAILED', { message: `exit code 3: ${'no such folder '.repeat(10)}` });
    const lines = renderStatusTable(reportOf(world), { ...PLAIN, columns: 80 }).split('\n');
    assert.deepEqual(
      lines.filter((line) => line.length > 80),
      [],
    );
    assert.match(lines[3] as string, /^INSTANCE +STATE +SINCE .*ADDRESS/);
  });

  it('adds only the log to a reason that holds the message already', () => {
    const world = makeWorld();
    for (let count = 0; count < 3; count += 1) {
      world.offer(`h${count}`);
      world.report('master-0', 'TASK_FAILED', { message: 'exit code 3. Last lines:\n  no such folder' });
      world.tick(10_000);
    }
    const table = renderStatusTable(reportOf(world), PLAIN);
    assert.equal(table.match(/exit code 3/g)?.length, 1);
    assert.match(table, /^ {2}last lines:\n {4,}no such folder$/m);
  });

  it('shows nothing that a task could move the cursor with', () => {
    const world = makeWorld();
    world.offer('h1');
    world.report('master-0', 'TASK_FAILED', { message: '\u001b[31mred\u001b[0m\u009b2J\u0007' });
    assert.match(renderStatusTable(reportOf(world), PLAIN), /^ {2}last: red2J$|^ {2}last: red$/m);
  });
});
