/** Persistent volumes on a real Mesos: reserved and made in the ACCEPT that launches, found again, and given back. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callApi } from '../../scheduler/api/client.ts';
import type { StatusReport, TeardownReport } from '../../scheduler/api/status.ts';
import { eventually } from '../support/eventually.ts';
import { killOwn, listServices } from '../support/fixture-processes.ts';
import { endProgram, startProgram } from '../support/program.ts';
import { RealMesos, mesosIsAvailable } from './real-mesos.ts';

interface Agents {
  readonly slaves: readonly { readonly reserved_resources: Readonly<Record<string, object>> }[];
}

describe('persistent volume on a real Mesos', function () {
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
    const where = ['--master', mesos.master, '--state-dir', stateDirectory, '--instances', '1'];
    const volume = ['--volume-size', '100', '--reserve', 'all', '--principal', 'keeper'];
    const child = startProgram(['scripts/stevedore.ts', 'fixture', ...where, ...volume]);
    child.stdout?.on('data', (piece: Buffer) => log.push(piece.toString()));
    return child;
  }

  /** Pids that services wrote into the volume. */
  function readStarts(): string[] {
    const [file] = globSync(join(directory, 'agent/volumes/roles/fixture/*/data/starts'));
    return file === undefined ? [] : readFileSync(file, 'utf8').trim().split('\n');
  }

  async function listReserved(): Promise<string[]> {
    const agents = (await (await fetch(`http://${mesos.master}/slaves`)).json()) as Agents;
    return agents.slaves.flatMap(({ reserved_resources }) => Object.keys(reserved_resources));
  }

  const untilStarts = (count: number) =>
    eventually(`start ${count}`, 120_000, async () => {
      const status = await callApi<StatusReport>(stateDirectory, 'GET', '/v1/status');
      const isReady = status.phase === 'complete' && status.pid === scheduler.pid;
      return isReady && readStarts().length === count ? status : undefined;
    });

  it('is made with the first launch, and the service writes into it', async () => {
    await untilStarts(1);
    assert.deepEqual(await listReserved(), ['fixture']);
    assert.equal(readStarts()[0], listServices(directory)[0]?.split(' ')[0]);
  });

  it('is found again after the service and the scheduler were killed', async () => {
    await endProgram(scheduler, 'SIGKILL');
    process.kill(Number(readStarts()[0]), 'SIGKILL');
    scheduler = startScheduler();
    await untilStarts(2);
  });

  it('survives another master and another life of the agent', async () => {
    await mesos.killAgent();
    await mesos.killMaster();
    await mesos.startMaster();
    await mesos.startAgent();
    await eventually('the new master knows the task', 120_000, async () =>
      (await mesos.state()).frameworks[0]?.tasks.length === 1 ? true : undefined,
    );
    await untilStarts(2);
    process.kill(Number(readStarts()[1]), 'SIGKILL');
    await untilStarts(3);
  });

  it('is gone after a teardown, with every reservation', async () => {
    const exited = once(scheduler, 'exit');
    const report = await callApi<TeardownReport>(stateDirectory, 'POST', '/v1/teardown');
    assert.equal(report.tornDown, true);
    assert.equal((await exited)[0], 0);
    assert.deepEqual(readStarts(), []);
    await eventually('no reservation', 30_000, async () =>
      (await listReserved()).length === 0 ? true : undefined,
    );
  });
});
