/** A configuration that changes under running services: scheduler processes, local Mesos, executor bundle, real processes. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callApi } from '../../../../scheduler/api/client.ts';
import type { StatusReport } from '../../../../scheduler/api/status.ts';
import type { PlanReport } from '../../../../scheduler/core/rollout/plan-report.ts';
import { eventually } from '../../../support/eventually.ts';
import { killOwn, listServices } from '../../../support/fixture-processes.ts';
import { LOOPBACK_NETWORK } from '../../../support/loopback-network.ts';
import { ROOT, endProgram, startProgram } from '../../../support/program.ts';

const INSTANCES = 3;

describe('rollout with local Mesos and the executor bundle', function () {
  this.timeout(180_000);
  const children: ChildProcess[] = [];
  const log: string[] = [];
  let directory: string;
  let stateDirectory: string;
  let master: string;
  let scheduler: ChildProcess;

  before(async function () {
    if (!existsSync(join(ROOT, 'build/executor-bundle.json'))) this.skip();
    directory = mkdtempSync(join(tmpdir(), 'stevedore-rollout-'));
    stateDirectory = join(directory, 'state');
    master = await startMesos(['master', '--port=0']);
    for (const last of [2, 3])
      await startMesos([
        'agent',
        `--master=${master}`,
        `--ip=${LOOPBACK_NETWORK}.${last}`,
        `--hostname=${LOOPBACK_NETWORK}.${last}`,
        '--port=0',
        '--resources=cpus:2;mem:2048;disk:2000;ports:[31000-32000]',
      ]);
    scheduler = startScheduler('one');
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

  function startScheduler(word: string): ChildProcess {
    const connection = ['--master', master, '--state-dir', stateDirectory];
    const service = [
      '--instances',
      String(INSTANCES),
      `--program-argument=--print=${word}`,
      '--stable-for=1s',
    ];
    const child = startProgram(['scripts/stevedore.ts', 'fixture', ...connection, ...service]);
    child.stdout?.on('data', (piece: Buffer) => log.push(piece.toString()));
    children.push(child);
    return child;
  }

  const readStatus = () => callApi<StatusReport>(stateDirectory, 'GET', '/v1/status');
  const readPlan = () => callApi<PlanReport>(stateDirectory, 'GET', '/v1/plan');

  /** Asks until the plan is complete and tells the most instances that were not ready at a time. */
  async function watchRollout(isOver: (status: StatusReport) => boolean): Promise<number> {
    let most = 0;
    await eventually('rollout', 90_000, async () => {
      const { pid, connected, instances, ...status } = await readStatus();
      if (pid !== scheduler.pid || !connected) return undefined;
      most = Math.max(most, instances.filter(({ phase }) => phase !== 'ready').length);
      return isOver({ ...status, pid, connected, instances }) ? true : undefined;
    });
    return most;
  }

  const restartsOf = ({ instances }: StatusReport) => instances.map(({ restarts }) => restarts);

  async function untilComplete(): Promise<number> {
    const most = await watchRollout(({ phase }) => phase === 'complete');
    await eventually('plan complete', 60_000, async () =>
      (await readPlan()).steps.every(({ status }) => status === 'complete') ? true : undefined,
    );
    return most;
  }

  it('restarts nothing when a scheduler starts with the configuration that it had', async () => {
    await untilComplete();
    const services = listServices(directory);
    assert.equal(services.length, INSTANCES);
    await endProgram(scheduler, 'SIGTERM');
    scheduler = startScheduler('one');
    await untilComplete();
    assert.deepEqual(listServices(directory), services);
  });

  it('a changed one restarts one by one; killed with -9 in the middle, the next scheduler goes on', async () => {
    const services = listServices(directory);
    await endProgram(scheduler, 'SIGTERM');
    scheduler = startScheduler('two');
    const before = await watchRollout((status) => restartsOf(status).includes(1));
    assert.ok(restartsOf(await readStatus()).includes(0), 'it is not over');
    await endProgram(scheduler, 'SIGKILL');
    scheduler = startScheduler('two');
    const after = await watchRollout((status) => restartsOf(status).every((restarts) => restarts > 0));
    await untilComplete();
    assert.equal(Math.max(before, after), 1);
    assert.deepEqual(restartsOf(await readStatus()), [1, 1, 1]);
    const now = listServices(directory);
    assert.deepEqual(
      [now.length, now.filter((service) => services.includes(service)).length],
      [INSTANCES, 0],
    );
  });

  it('rolls back to the configuration before, and a start with the one that was left stays there', async () => {
    const { target } = await readPlan();
    await callApi(stateDirectory, 'POST', '/v1/plan/rollback');
    const most = await watchRollout((status) => restartsOf(status).every((restarts) => restarts === 2));
    assert.equal(most, 1);
    await untilComplete();
    const services = listServices(directory);
    await endProgram(scheduler, 'SIGKILL');
    scheduler = startScheduler('two');
    await untilComplete();
    const plan = await readPlan();
    assert.notEqual(plan.target?.digest, target?.digest);
    assert.match(plan.refused?.join() ?? '', /rolled back/);
    assert.deepEqual(listServices(directory), services);
  });
});
