/** Three scheduler processes with a real ZooKeeper, the local Mesos, and real services. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { callApi } from '../../../../scheduler/api/client.ts';
import type { StatusReport } from '../../../../scheduler/api/status.ts';
import { eventually } from '../../../support/eventually.ts';
import { ROOT } from '../../../support/program.ts';
import { SchedulerGroup } from '../../../support/scheduler-group.ts';
import type { SchedulerMember } from '../../../support/scheduler-member.ts';
import { zookeeperIsAvailable } from '../../../support/zookeeper-server.ts';

const SESSION_MS = 2000;
const INSTANCES = 3;

const tasksOf = ({ instances }: StatusReport) => instances.map(({ name, taskId }) => `${name} ${taskId}`);

describe('three schedulers, of which one leads', function () {
  this.timeout(180_000);
  let group: SchedulerGroup;

  before(async function () {
    if (!existsSync(join(ROOT, 'build/executor-bundle.json')) || !(await zookeeperIsAvailable()))
      return this.skip();
    group = await SchedulerGroup.open({ schedulers: 3, instances: INSTANCES, session: `${SESSION_MS}ms` });
    for (const member of group.members) member.start();
  });
  after(() => group?.close());
  afterEach(function () {
    if (this.currentTest?.state === 'failed') console.log(group.renderLogs());
  });

  const standbysOf = (leader: SchedulerMember) => group.members.filter((member) => member !== leader);
  const untilStandby = (member: SchedulerMember) =>
    eventually(`${member.name} stands by`, 20_000, async () =>
      (await member.readHealth()).role === 'standby' ? true : undefined,
    );

  it('one leads, and each of the others answers for it', async () => {
    const { leader, status } = await group.untilReconciled();
    assert.equal(status.instances.length, INSTANCES);
    assert.deepEqual(
      ['SUBSCRIBE', 'ACCEPT', 'ACKNOWLEDGE'].filter((type) => !leader.gate.calls.includes(type)),
      [],
      'calls are seen',
    );
    for (const standby of standbysOf(leader)) {
      await untilStandby(standby);
      const passedOn = await standby.readStatus(group.readToken());
      assert.equal(passedOn.pid, leader.pid);
      assert.deepEqual(standby.gate.calls, [], 'who stands by says nothing to Mesos');
      await assert.rejects(standby.readStatus('wrong'), /401|token/i);
      const onSocket = await eventually('it knows the token of the cluster', 20_000, () =>
        callApi<StatusReport>(standby.stateDirectory, 'GET', '/v1/status'),
      );
      assert.equal(onSocket.pid, leader.pid);
    }
  });

  it('killed twice in a row, the leader is followed by another, and no service notices', async () => {
    const first = await group.untilReconciled();
    const services = group.listServices();
    assert.equal(services.length, INSTANCES);
    let { leader } = first;
    for (let time = 1; time <= 2; time += 1) {
      const killed = leader;
      await killed.end('SIGKILL');
      const next = await group.untilReconciled(killed);
      assert.equal(next.status.frameworkId, first.status.frameworkId);
      assert.deepEqual(tasksOf(next.status), tasksOf(first.status));
      assert.deepEqual(group.listServices(), services, `after takeover ${time}`);
      killed.start();
      await untilStandby(killed);
      ({ leader } = next);
    }
  });

  it('a service that ends while nobody leads is replaced exactly once', async () => {
    const before = await group.untilReconciled();
    const services = group.listServices();
    const victim = services[0] as string;
    await before.leader.end('SIGKILL');
    process.kill(Number.parseInt(victim, 10), 'SIGKILL');
    const after = await eventually('a replacement', 60_000, async () => {
      const now = await group.untilReconciled(before.leader);
      return group.listServices().length === INSTANCES ? now : undefined;
    });
    const now = group.listServices();
    assert.equal(now.filter((service) => services.includes(service)).length, INSTANCES - 1);
    const restarts = ({ status }: { status: StatusReport }) =>
      status.instances.reduce((sum, instance) => sum + instance.restarts, 0);
    assert.equal(restarts(after), restarts(before) + 1);
    before.leader.start();
    await untilStandby(before.leader);
    assert.deepEqual(group.listServices(), now);
  });

  it('stopped for longer than its session, a leader finds itself deposed and does nothing more', async () => {
    const { leader: asleep, status } = await group.untilReconciled();
    const services = group.listServices();
    asleep.signal('SIGSTOP');
    const { leader, status: later } = await group.untilReconciled(asleep);
    const calls = asleep.gate.calls.length;
    const said = asleep.log.length;
    asleep.signal('SIGCONT');
    await untilStandby(asleep);
    await eventually('it says so', 10_000, () =>
      asleep.log.slice(said).some(({ text }) => text.includes('leads no longer')) ? true : undefined,
    );
    await sleep(SESSION_MS);
    assert.deepEqual(asleep.gate.calls.slice(calls), []);
    assert.equal(asleep.hasEnded, false);
    assert.equal((await asleep.readStatus(group.readToken())).pid, leader.pid);
    assert.equal(later.frameworkId, status.frameworkId);
    assert.deepEqual(group.listServices(), services);
  });

  it('ZooKeeper silent for less than a session changes nothing', async () => {
    const { leader, status } = await group.untilReconciled();
    const calls = leader.gate.calls.filter((type) => type === 'SUBSCRIBE').length;
    group.zooKeeper.freeze();
    await sleep(SESSION_MS / 2);
    group.zooKeeper.thaw();
    await sleep(SESSION_MS);
    const after = await group.untilReconciled();
    assert.equal(after.leader, leader);
    assert.equal(leader.gate.calls.filter((type) => type === 'SUBSCRIBE').length, calls);
    assert.deepEqual(tasksOf(after.status), tasksOf(status));
  });

  it('ZooKeeper killed and started again: one leads then, and no service notices', async () => {
    const { status } = await group.untilReconciled();
    const services = group.listServices();
    await group.zooKeeper.stop();
    await sleep(SESSION_MS * 2);
    assert.deepEqual(group.listServices(), services);
    await group.zooKeeper.start();
    const after = await group.untilReconciled();
    assert.deepEqual(tasksOf(after.status), tasksOf(status));
    assert.deepEqual(group.listServices(), services);
    const health = await Promise.all(group.members.map((member) => member.readHealth()));
    assert.equal(health.filter(({ role }) => role === 'leader').length, 1);
  });

  it('a teardown, asked of a standby, ends the service and all schedulers: none starts it again', async () => {
    const { leader, status } = await group.untilReconciled();
    const [standby] = standbysOf(leader) as [SchedulerMember];
    const body = { confirm: status.cluster };
    await callApi(standby.api(group.readToken()), 'POST', '/v1/teardown', { body });
    await eventually('all have ended', 30_000, () =>
      group.members.every(({ hasEnded }) => hasEnded) ? true : undefined,
    );
    assert.deepEqual(await Promise.all(group.members.map((member) => member.end('SIGTERM'))), [0, 0, 0]);
    await eventually('services gone', 10_000, () => (group.listServices().length === 0 ? true : undefined));
    const state = (await (await fetch(`http://${group.master}/state`)).json()) as { frameworks: unknown[] };
    assert.deepEqual(state.frameworks, []);
  });
});
