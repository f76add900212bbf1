import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseLaunchSpec } from '../../../protocol/launch-spec.ts';
import { callApi } from '../../../scheduler/api/client.ts';
import type { ExplainReport, StatusReport, TeardownReport } from '../../../scheduler/api/status.ts';
import { makeComponent, makeSpec } from '../../support/engine-world.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeMaster } from '../../support/fake-master.ts';
import { SchedulerBench } from '../../support/scheduler-under-test.ts';

const SECRET_BYTES = 'fs.s3a.secret.key=planted';
const component = makeComponent({
  ports: [{ name: 'rpc', preferred: 31_100, required: false, key: 'rpc' }],
  webPort: 'rpc',
});
const spec = makeSpec({
  ...component,
  launch: (placed) => ({ ...component.launch(placed), artifacts: ['site'] }),
});
const service = {
  ...spec,
  artifacts: [
    {
      name: 'site',
      class: 'secret' as const,
      source: { kind: 'bytes' as const, fileName: 'site.properties', bytes: Buffer.from(SECRET_BYTES) },
    },
  ],
};

describe('scheduler on the wire', function () {
  this.timeout(30_000);
  let master: FakeMaster;
  let bench: SchedulerBench;

  beforeEach(async () => {
    master = await FakeMaster.start();
    bench = new SchedulerBench();
  });
  afterEach(async () => {
    await bench.close();
    await master.close();
  });

  const start = (changes = {}) => bench.start(bench.makeOptions(master.address, service, changes));
  const readStatus = () => callApi<StatusReport>(bench.stateDirectory, 'GET', '/v1/status');

  it('subscribes as a framework that keeps its tasks, and says which master it found', async () => {
    const { log } = start();
    const { subscribe } = await master.untilCall('SUBSCRIBE');
    assert.deepEqual(subscribe.framework_info, {
      user: 'root',
      name: 'test',
      failover_timeout: 60,
      checkpoint: true,
      roles: ['r'],
      capabilities: ['MULTI_ROLE', 'PARTITION_AWARE', 'TASK_KILLING_STATE', 'RESERVATION_REFINEMENT'].map(
        (type) => ({ type }),
      ),
    });
    assert.ok(log.some((line) => line.includes(`New master detected at master@${master.address}`)));
  });

  it('launches with executor, launch spec, token and labels; nothing secret in it', async () => {
    start();
    await master.untilCall('SUBSCRIBE');
    const offer = master.offer('h1');
    const task = await master.untilLaunched();
    assert.deepEqual(master.callsOf('ACCEPT')[0]?.accept.offer_ids, [offer.id]);
    assert.equal(task.executor?.executor_id.value, `${task.task_id.value}.executor`);
    assert.equal(task.executor?.shutdown_grace_period?.nanoseconds, 15e9);
    assert.match(task.executor?.command?.value ?? '', /sha256sum -c/);
    assert.match(task.executor?.command?.uris?.[0]?.value ?? '', /^http:\/\/127\.0\.0\.1:\d+\/artifacts\//);
    const launch = parseLaunchSpec(task.data);
    assert.equal(launch.instance, 'worker-0');
    assert.deepEqual(launch.ports, { rpc: 31_100 });
    assert.match(launch.servers[0] ?? '', /^https:/);
    assert.match(launch.artifacts[0]?.token ?? '', /^[\w-]{43}$/);
    assert.deepEqual(task.discovery?.ports?.ports, [{ number: 31_100, name: 'rpc', protocol: 'tcp' }]);
    assert.ok(!JSON.stringify(master.calls).includes('planted'));
    assert.ok(
      !Buffer.from(task.data ?? '', 'base64')
        .toString()
        .includes('planted'),
    );
  });

  it('acknowledges each update as it came', async () => {
    start();
    await master.untilCall('SUBSCRIBE');
    master.offer('h1');
    const task = await master.untilLaunched();
    master.update(task, 'TASK_RUNNING', { uuid: '7zUHpz/FRf+javG+gX4NeQ==' });
    const { acknowledge } = await master.untilCall('ACKNOWLEDGE');
    assert.deepEqual(acknowledge, {
      agent_id: task.agent_id,
      task_id: task.task_id,
      uuid: '7zUHpz/FRf+javG+gX4NeQ==',
    });
    assert.equal((await readStatus()).phase, 'complete');
  });

  it('suppresses when all run, and declines what comes all the same for an hour', async () => {
    start();
    await master.untilCall('SUBSCRIBE');
    master.offer('h1');
    await master.untilCall('SUPPRESS');
    const offer = master.offer('h2');
    const { decline } = await master.untilCall('DECLINE');
    assert.deepEqual(decline, { offer_ids: [offer.id], filters: { refuse_seconds: 3600 } });
  });

  it('a second scheduler on the same state takes the tasks over: same framework, no launch, reconciliation', async () => {
    const first = start();
    await master.untilCall('SUBSCRIBE');
    master.offer('h1');
    const task = await master.untilLaunched();
    master.update(task, 'TASK_RUNNING');
    await master.untilCall('ACKNOWLEDGE');
    assert.equal(await first.stop(), 0);
    start();
    const again = await master.untilCall('SUBSCRIBE', 2);
    assert.equal(again.framework_id?.value, 'M-0001');
    assert.equal(again.subscribe.framework_info.id?.value, 'M-0001');
    const { reconcile } = await master.untilCall('RECONCILE');
    assert.deepEqual(reconcile.tasks, [{ task_id: task.task_id, agent_id: task.agent_id }]);
    master.update(task, 'TASK_RUNNING', { reason: 'REASON_RECONCILIATION' });
    master.offer('h1');
    await master.untilCall('DECLINE');
    assert.equal(master.launched.length, 1);
    assert.equal(master.callsOf('TEARDOWN').length + master.callsOf('KILL').length, 0);
  });

  it('serves on the same ports after a restart', async () => {
    const first = start();
    await master.untilCall('SUBSCRIBE');
    master.offer('h1');
    const before = parseLaunchSpec((await master.untilLaunched()).data).servers;
    await first.stop();
    start();
    await master.untilCall('SUBSCRIBE', 2);
    master.update(master.launched[0] as never, 'TASK_FAILED');
    await eventually('second launch', 10_000, () => {
      master.offer('h1');
      return master.launched[1];
    });
    assert.deepEqual(parseLaunchSpec(master.launched[1]?.data).servers, before);
  });

  it('subscribes again when the master is gone, also while it redirects to itself', async () => {
    const { log } = start();
    await master.untilCall('SUBSCRIBE');
    master.refusals.push(
      { status: 503, body: 'No leader elected' },
      { status: 307, headers: { Location: `//${master.address}/master/api/v1/scheduler` } },
    );
    master.cut();
    await master.untilCall('SUBSCRIBE', 2);
    assert.ok(log.some((line) => line.includes('No leader elected')));
    assert.ok(log.some((line) => line.includes('a redirect is not followed')));
  });

  it('takes silence for a lost connection', async () => {
    master.heartbeatSeconds = 0.05;
    start();
    await master.untilCall('SUBSCRIBE', 2);
  });

  it('stops with status 1 when another scheduler took the framework, and does not fight', async () => {
    const { exit, log } = start();
    await master.untilCall('SUBSCRIBE');
    master.refuse('Framework failed over');
    assert.equal(await exit, 1);
    assert.equal(master.callsOf('SUBSCRIBE').length, 1);
    assert.match(log.at(-1) ?? '', /Another scheduler has subscribed as framework M-0001/);
  });

  it('stops when Mesos removed the framework, says what to do, and does it when told', async () => {
    const { exit, log } = start();
    await master.untilCall('SUBSCRIBE');
    master.offer('h1');
    await master.untilLaunched();
    master.refuse('Framework has been removed');
    assert.equal(await exit, 1);
    assert.match(log.at(-1) ?? '', /--new-framework/);
    start({ newFramework: true });
    const fresh = await master.untilCall('SUBSCRIBE', 2);
    assert.equal(fresh.framework_id, undefined);
    master.offer('h1');
    await master.untilLaunched(2);
  });

  it('says what the master refused, with status 1', async () => {
    master.refusals.push({ status: 401, headers: { 'WWW-Authenticate': 'Basic realm="mesos"' } });
    const { exit, log } = start();
    assert.equal(await exit, 1);
    assert.match(log.at(-1) ?? '', /refused principal .* with 401/);
  });

  it('authenticates with the secret from its file, which stands nowhere else', async () => {
    const secretFile = join(bench.directory, 'secret');
    writeFileSync(secretFile, 's3cr3t-planted\n', { mode: 0o600 });
    const framework = {
      name: 'test',
      roles: ['r'] as const,
      user: 'root',
      principal: 'me',
      secretFile,
      failoverTimeoutSeconds: 60,
    };
    const { log } = start({ framework });
    await master.untilCall('SUBSCRIBE');
    assert.equal(master.authorizations[0], `Basic ${Buffer.from('me:s3cr3t-planted').toString('base64')}`);
    assert.ok(!JSON.stringify([log, master.calls]).includes('s3cr3t-planted'));
  });

  it('explains why a task is not placed', async () => {
    bench.start(bench.makeOptions(master.address, makeSpec(makeComponent({ hostname: 'h7' }))));
    await master.untilCall('SUBSCRIBE');
    master.offer('h1');
    await master.untilCall('DECLINE');
    const { instances } = await callApi<ExplainReport>(bench.stateDirectory, 'GET', '/v1/explain');
    assert.match(instances[0]?.waiting ?? '', /h1: needs host h7, offered h1/);
    assert.ok((instances[0]?.offers[0]?.outcomes.length ?? 0) >= 4);
  });

  it('restarts an instance on request and refuses an unknown one', async () => {
    start();
    await master.untilCall('SUBSCRIBE');
    master.offer('h1');
    const task = await master.untilLaunched();
    await callApi(bench.stateDirectory, 'POST', '/v1/instances/worker-0/restart');
    assert.deepEqual((await master.untilCall('KILL')).kill.task_id, task.task_id);
    await assert.rejects(
      callApi(bench.stateDirectory, 'POST', '/v1/instances/x/restart'),
      /There is no instance 'x'. Known are: worker-0/,
    );
  });

  it('tears down on request: KILL, the ends of the tasks, TEARDOWN, exit 0', async () => {
    const { exit } = start();
    await master.untilCall('SUBSCRIBE');
    master.offer('h1');
    const task = await master.untilLaunched();
    const report = callApi<TeardownReport>(bench.stateDirectory, 'POST', '/v1/teardown');
    await master.untilCall('KILL');
    assert.equal(master.callsOf('TEARDOWN').length, 0);
    master.update(task, 'TASK_KILLED');
    assert.deepEqual(await report, { tornDown: true, frameworkId: 'M-0001' });
    assert.equal(await exit, 0);
    assert.equal(master.callsOf('TEARDOWN').length, 1);
    start();
    assert.equal((await master.untilCall('SUBSCRIBE', 2)).framework_id, undefined);
  });

  it('stops on request and leaves the tasks alone', async () => {
    const { exit } = start();
    await master.untilCall('SUBSCRIBE');
    await callApi(bench.stateDirectory, 'POST', '/v1/stop');
    assert.equal(await exit, 0);
    assert.deepEqual([...master.callsOf('KILL'), ...master.callsOf('TEARDOWN')], []);
  });

  it('refuses a second scheduler on the same state, naming the first', async () => {
    start();
    await master.untilCall('SUBSCRIBE');
    const second = start();
    assert.equal(await second.exit, 1);
    assert.match(second.log.at(-1) ?? '', new RegExp(`Another scheduler \\(pid ${process.pid}\\) uses`));
    assert.equal(statSync(bench.stateDirectory).mode & 0o777, 0o700);
    assert.equal(statSync(join(bench.stateDirectory, 'api.sock')).mode & 0o777, 0o600);
  });
});
