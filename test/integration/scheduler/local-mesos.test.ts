/** The whole way: scheduler process, local Mesos, executor bundle, real service processes. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callApi } from '../../../scheduler/api/client.ts';
import type { StatusReport, TeardownReport } from '../../../scheduler/api/status.ts';
import { eventually } from '../../support/eventually.ts';
import { killOwn, listServices } from '../../support/fixture-processes.ts';
import { LOOPBACK_NETWORK } from '../../support/loopback-network.ts';
import { ROOT, endProgram, startProgram } from '../../support/program.ts';

/** Loopback addresses of this run only: other local clusters of this machine have the usual ones. */
describe('scheduler with local Mesos and the executor bundle', function () {
  this.timeout(120_000);
  const children: ChildProcess[] = [];
  const log: string[] = [];
  let directory: string;
  let stateDirectory: string;
  let master: string;
  let scheduler: ChildProcess;

  before(async function () {
    if (!existsSync(join(ROOT, 'build/executor-bundle.json'))) this.skip();
    directory = mkdtempSync(join(tmpdir(), 'stevedore-framework-'));
    stateDirectory = join(directory, 'state');
    master = await startMesos(['master', '--port=0']);
    for (const last of [2, 3]) await startAgent(`${LOOPBACK_NETWORK}.${last}`);
    scheduler = startScheduler();
  });

  after(async () => {
    for (const child of children.toReversed()) await endProgram(child, 'SIGTERM');
    if (directory === undefined) return;
    killOwn(directory);
    rmSync(directory, { recursive: true, force: true });
  });

  afterEach(function () {
    if (this.currentTest?.state === 'failed') console.log(log.join(''));
  });

  async function startMesos(args: readonly string[]): Promise<string> {
    const name = `${args[0]}-${children.length}`;
    const mesos = startProgram(['local/entry.ts', ...args, `--work-dir=${join(directory, name)}`]);
    children.push(mesos);
    const [line] = (await once(mesos.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    return (JSON.parse(line.toString()) as { address: string }).address;
  }

  function startAgent(ip: string): Promise<string> {
    const resources = '--resources=cpus:2;mem:2048;disk:2000;ports:[31000-32000]';
    return startMesos([
      'agent',
      `--master=${master}`,
      `--ip=${ip}`,
      `--hostname=${ip}`,
      '--port=0',
      resources,
    ]);
  }

  function startScheduler(): ChildProcess {
    const args = ['--master', master, '--state-dir', stateDirectory, '--instances', '2'];
    const child = startProgram(['scripts/stevedore.ts', 'fixture', ...args]);
    child.stdout?.on('data', (piece: Buffer) => log.push(piece.toString()));
    children.push(child);
    return child;
  }

  const readStatus = () => callApi<StatusReport>(stateDirectory, 'GET', '/v1/status');
  const untilComplete = () =>
    eventually('all ready', 60_000, async () => {
      const status = await readStatus();
      return status.phase === 'complete' && status.connected ? status : undefined;
    });

  it('brings two services up on two agents, at the addresses that it tells', async () => {
    const status = await untilComplete();
    assert.deepEqual(
      new Set(status.instances.map(({ host }) => host)),
      new Set([`${LOOPBACK_NETWORK}.2`, `${LOOPBACK_NETWORK}.3`]),
    );
    for (const { webUrl } of status.instances) assert.equal((await fetch(webUrl ?? '')).status, 200);
    assert.equal(listServices(directory).length, 2);
  });

  it('killed with -9 and started again, it takes over and restarts nothing', async () => {
    const before = await readStatus();
    const services = listServices(directory);
    await endProgram(scheduler, 'SIGKILL');
    scheduler = startScheduler();
    const status = await eventually('takeover', 30_000, async () => {
      const now = await readStatus();
      return now.pid === scheduler.pid && now.phase === 'complete' && now.connected ? now : undefined;
    });
    assert.equal(status.frameworkId, before.frameworkId);
    const tasks = (report: StatusReport) => report.instances.map(({ taskId }) => taskId);
    assert.deepEqual(tasks(status), tasks(before));
    assert.deepEqual(listServices(directory), services);
  });

  it('replaces a service that was killed, on its port, and leaves the other one alone', async () => {
    const before = await readStatus();
    const services = listServices(directory);
    process.kill(Number.parseInt(services[0] as string, 10), 'SIGKILL');
    await eventually('failure noticed', 30_000, async () =>
      (await readStatus()).phase === 'complete' ? undefined : true,
    );
    const status = await untilComplete();
    assert.deepEqual(
      status.instances.map(({ restarts }) => restarts).reduce((sum, restarts) => sum + restarts),
      1,
    );
    const ports = (report: StatusReport) =>
      report.instances.map(({ host, ports }) => `${host} ${JSON.stringify(ports)}`);
    assert.deepEqual(ports(status), ports(before));
    const now = listServices(directory);
    assert.equal(now.length, 2);
    assert.equal(now.filter((service) => services.includes(service)).length, 1);
  });

  it('stopped with TERM it leaves the services running and ends with 0', async () => {
    const services = listServices(directory);
    assert.equal(await endProgram(scheduler, 'SIGTERM'), 0);
    assert.deepEqual(listServices(directory), services);
    scheduler = startScheduler();
    await untilComplete();
    assert.deepEqual(listServices(directory), services);
  });

  it('tears down: no service is left, the framework is gone, the scheduler ends with 0', async () => {
    const exited = once(scheduler, 'exit');
    const report = await callApi<TeardownReport>(stateDirectory, 'POST', '/v1/teardown');
    assert.equal(report.tornDown, true);
    assert.equal((await exited)[0], 0);
    await eventually('services gone', 10_000, () =>
      listServices(directory).length === 0 ? true : undefined,
    );
    const state = (await (await fetch(`http://${master}/state`)).json()) as { frameworks: unknown[] };
    assert.deepEqual(state.frameworks, []);
  });
});
