/** Persistent volumes on a real Mesos: its master judges the operations, its agent keeps the data. */
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
import { RealMesos, whyNoMesos } from './real-mesos.ts';

interface Agents {
  readonly slaves: readonly {
    readonly reserved_resources_full: Readonly<Record<string, readonly unknown[]>>;
  }[];
}

describe('persistent volumes on a real Mesos', function () {
  this.timeout(180_000);
  const log: string[] = [];
  let directory: string;
  let stateDirectory: string;
  let mesos: RealMesos;
  let scheduler: ChildProcess;

  before(async function () {
    const reason = whyNoMesos();
    if (reason !== undefined) {
      console.log(`    skipped: ${reason}`);
      return this.skip();
    }
    directory = mkdtempSync(join(tmpdir(), 'stevedore-mesos-'));
    stateDirectory = join(directory, 'state');
    mesos = await RealMesos.start(directory);
    const args = ['--master', mesos.master, '--state-dir', stateDirectory, '--instances', '1'];
    const volume = ['--volume-size', '100', '--reserve', 'all', '--principal', 'keeper'];
    scheduler = startProgram(['scripts/stevedore.ts', 'fixture', ...args, ...volume]);
    scheduler.stdout?.on('data', (piece: Buffer) => log.push(piece.toString()));
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

  /** Pids that the service wrote into its volume. */
  function readStarts(): string[] {
    const files = globSync(join(directory, '**/volumes/roles/fixture/*/data/starts'));
    return files.flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'));
  }

  async function listReserved(): Promise<unknown[]> {
    const { slaves } = (await (await fetch(`http://${mesos.master}/slaves`)).json()) as Agents;
    return slaves.flatMap((agent) => Object.values(agent.reserved_resources_full).flat());
  }

  it('are made with the first launch and found by the second', async () => {
    await eventually('first start', 60_000, () => (readStarts().length === 1 ? true : undefined));
    assert.equal((await listReserved()).length, ['cpus', 'mem', 'ports', 'volume'].length);
    process.kill(Number.parseInt(listServices(directory)[0] as string, 10), 'SIGKILL');
    await eventually('second start', 60_000, () => (readStarts().length === 2 ? true : undefined));
    await eventually('ready', 60_000, async () => {
      const { phase } = await callApi<StatusReport>(stateDirectory, 'GET', '/v1/status');
      return phase === 'complete' ? true : undefined;
    });
  });

  it('are gone after a teardown, with every reservation', async () => {
    const exited = once(scheduler, 'exit');
    const report = await callApi<TeardownReport>(stateDirectory, 'POST', '/v1/teardown');
    assert.equal(report.tornDown, true);
    assert.equal((await exited)[0], 0);
    assert.deepEqual([await listReserved(), readStarts()], [[], []]);
  });
});
