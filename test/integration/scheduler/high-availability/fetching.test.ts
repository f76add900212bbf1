/** Executors that are fetching while their scheduler is killed: each scheduler serves on an address of its own. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../../support/eventually.ts';
import { ROOT } from '../../../support/program.ts';
import { SchedulerGroup } from '../../../support/scheduler-group.ts';
import { zookeeperIsAvailable } from '../../../support/zookeeper-server.ts';

const PAYLOAD_MIB = 400;

describe('a takeover while executors fetch', function () {
  this.timeout(180_000);
  let group: SchedulerGroup;
  let place: string;

  before(async function () {
    if (!existsSync(join(ROOT, 'build/executor-bundle.json')) || !(await zookeeperIsAvailable()))
      return this.skip();
    place = mkdtempSync(join(tmpdir(), 'stevedore-payload-'));
    const piece = randomBytes(1024 * 1024);
    writeFileSync(join(place, 'bytes'), Buffer.concat(Array.from({ length: PAYLOAD_MIB }, () => piece)));
    execFileSync('tar', ['cf', join(place, 'payload.tar'), '-C', place, 'bytes']);
    const args = [`--payload=${join(place, 'payload.tar')}`];
    const setup = { schedulers: 2, instances: 3, session: '2s', ownHosts: true, agentsLater: true, args };
    group = await SchedulerGroup.open(setup);
    for (const member of group.members) member.start();
    for (const member of group.members) await eventually('it answers', 30_000, () => member.readHealth());
    // Also whoever stands by makes ready what it would serve, before it leads.
    for (const { log, name } of group.members)
      await eventually(`artifacts of ${name}`, 30_000, () =>
        log.some(({ text }) => text.includes('artifact is ready artifact=payload')) ? true : undefined,
      );
    await group.startAgents();
  });
  after(async () => {
    await group?.close();
    if (place !== undefined) rmSync(place, { recursive: true, force: true });
  });
  afterEach(function () {
    if (this.currentTest?.state === 'failed') console.log(group.renderLogs());
  });

  it('they go on with the next leader, by its own address, and no task is launched again', async () => {
    const killed = await eventually('a fetch', 60_000, () =>
      group.members.find(({ log }) => log.some(({ text }) => text.includes('instance is starting'))),
    );
    const launched = killed.gate.calls.filter((type) => type === 'ACCEPT').length;
    await killed.end('SIGKILL');
    assert.ok(launched > 0);
    const { leader, status } = await group.untilReconciled(killed);
    assert.deepEqual(
      status.instances.map(({ restarts, failures }) => ({ restarts, failures })),
      status.instances.map(() => ({ restarts: 0, failures: 0 })),
    );
    assert.equal(leader.gate.calls.filter((type) => type === 'ACCEPT').length, 0);
    const outputs = globSync(join(group.directory, 'agent-*/**/std{out,err}')).map((file) =>
      readFileSync(file, 'utf8'),
    );
    assert.ok(
      outputs.some((text) => /fetch of payload goes on in/.test(text)),
      'a fetch was under way',
    );
  });
});
