/** The whole way through a real Mesos: its master, its agent, its fetcher, and our scheduler, bundle and executor. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callApi } from '../../scheduler/api/client.ts';
import type { StatusReport, TeardownReport } from '../../scheduler/api/status.ts';
import { eventually } from '../support/eventually.ts';
import { killOwn, listServices } from '../support/fixture-processes.ts';
import { endProgram, startProgram } from '../support/program.ts';
import { RealMesos, mesosIsAvailable } from './real-mesos.ts';

describe('fixture service on a real Mesos', function () {
  this.timeout(180_000);
  const log: string[] = [];
  let directory: string;
  let stateDirectory: string;
  let mesos: RealMesos;
  let scheduler: ChildProcess;

  before(async function () {
    if (!mesosIsAvailable()) return this.skip();
    directory = mkdtempSync(join(tmpdir(), 'stevedore-mesos-'));
    stateDirectory = join(directory, 'state');
    mesos = await RealMesos.start(directory);
    scheduler = startScheduler();
  });

  after(async () => {
    if (directory === undefined) return;
    if (scheduler !== undefined) await endProgram(scheduler, 'SIGTERM');
    await mesos?.close();
    killOwn(directory);
    rmSync(directory, { recursive: true, force: true });
  });

  afterEach(function () {
    if (this.currentTest?.state === 'failed') console.log(log.join(''));
  });

  function startScheduler(): ChildProcess {
    const args = ['--master', mesos.master, '--state-dir', stateDirectory, '--instances', '2'];
    const child = startProgram(['scripts/stevedore.ts', 'fixture', ...args]);
    child.stdout?.on('data', (piece: Buffer) => log.push(piece.toString()));
    return child;
  }

  const readStatus = () => callApi<StatusReport>(stateDirectory, 'GET', '/v1/status');
  const untilComplete = (isWanted: (status: StatusReport) => boolean = () => true) =>
    eventually('all ready', 120_000, async () => {
      const status = await readStatus();
      return status.phase === 'complete' && status.connected && isWanted(status) ? status : undefined;
    });

  it('subscribes, and launches the executor through the real fetcher', async () => {
    const status = await untilComplete();
    for (const { webUrl } of status.instances) assert.equal((await fetch(webUrl ?? '')).status, 200);
    assert.equal(listServices(directory).length, 2);
  });

  it('replaces a service that was killed, on its ports', async () => {
    const before = await readStatus();
    process.kill(Number.parseInt(listServices(directory)[0] as string, 10), 'SIGKILL');
    const restarts = (status: StatusReport) =>
      status.instances.reduce((sum, instance) => sum + instance.restarts, 0);
    const status = await untilComplete((now) => restarts(now) === restarts(before) + 1);
    const ports = (report: StatusReport) => report.instances.map((instance) => instance.ports);
    assert.deepEqual(ports(status), ports(before));
  });

  it('killed with -9 and started again, the scheduler reconciles and restarts nothing', async () => {
    const services = listServices(directory);
    await endProgram(scheduler, 'SIGKILL');
    scheduler = startScheduler();
    await untilComplete(({ pid }) => pid === scheduler.pid);
    assert.deepEqual(listServices(directory), services);
  });

  it('an agent that is killed and started again finds its executors: nothing restarts', async () => {
    const services = listServices(directory);
    await mesos.killAgent();
    await mesos.startAgent();
    await untilComplete();
    assert.deepEqual(listServices(directory), services);
  });

  it('another master without a memory: subscribed again, tasks unknown and then found, nothing restarts', async () => {
    const services = listServices(directory);
    const { frameworkId } = await readStatus();
    await mesos.killMaster();
    await eventually('disconnected', 30_000, async () => ((await readStatus()).connected ? undefined : true));
    await mesos.startMaster();
    const status = await untilComplete();
    assert.equal(status.frameworkId, frameworkId);
    await eventually('the new master knows the tasks', 60_000, async () =>
      (await mesos.state()).frameworks[0]?.tasks.length === 2 ? true : undefined,
    );
    await untilComplete();
    assert.deepEqual(listServices(directory), services);
  });

  it('tears down: no service is left, the framework is completed, the scheduler ends with 0', async () => {
    const { frameworkId } = await readStatus();
    const exited = once(scheduler, 'exit');
    assert.equal((await callApi<TeardownReport>(stateDirectory, 'POST', '/v1/teardown')).tornDown, true);
    assert.equal((await exited)[0], 0);
    await eventually('services gone', 30_000, () =>
      listServices(directory).length === 0 ? true : undefined,
    );
    const { frameworks, completed_frameworks } = await mesos.state();
    assert.deepEqual(frameworks, []);
    assert.deepEqual(
      completed_frameworks.map(({ id }) => id),
      [frameworkId],
    );
  });
});
