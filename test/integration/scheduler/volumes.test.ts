/** Persistent volumes the whole way: made by the local Mesos, written by real services, found again, and given back. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callApi } from '../../../scheduler/api/client.ts';
import type { StatusReport, TeardownReport } from '../../../scheduler/api/status.ts';
import { eventually } from '../../support/eventually.ts';
import { killOwn, listServices } from '../../support/fixture-processes.ts';
import { LOOPBACK_NETWORK } from '../../support/loopback-network.ts';
import { ROOT, endProgram, startProgram } from '../../support/program.ts';

describe('persistent volumes with local Mesos', function () {
  this.timeout(120_000);
  const children: ChildProcess[] = [];
  const log: string[] = [];
  let directory: string;
  let master: string;
  let scheduler: ChildProcess;

  before(async function () {
    if (!existsSync(join(ROOT, 'build/executor-bundle.json'))) this.skip();
    directory = mkdtempSync(join(tmpdir(), 'stevedore-volumes-'));
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
    const address = [`--master=${master}`, `--ip=${ip}`, `--hostname=${ip}`, '--port=0'];
    return startMesos(['agent', ...address, resources]);
  }

  function startScheduler(): ChildProcess {
    const volume = ['--volume-size', '100', '--reserve', 'all', '--principal', 'keeper'];
    const args = ['--master', master, '--state-dir', join(directory, 'state'), '--instances', '2'];
    const child = startProgram(['scripts/stevedore.ts', 'fixture', ...args, ...volume]);
    child.stdout?.on('data', (piece: Buffer) => log.push(piece.toString()));
    children.push(child);
    return child;
  }

  const stateDirectory = () => join(directory, 'state');
  const readStatus = () => callApi<StatusReport>(stateDirectory(), 'GET', '/v1/status');
  const untilComplete = (running = scheduler) =>
    eventually('all ready', 60_000, async () => {
      const status = await readStatus();
      const isReady = status.phase === 'complete' && status.connected && status.pid === running.pid;
      return isReady ? status : undefined;
    });

  /** Pids that the services wrote into their volumes, by volume. */
  function readStarts(): Record<string, string[]> {
    const files = globSync(join(directory, 'agent-*/volumes/roles/fixture/*/data/starts'));
    return Object.fromEntries(
      files.map((file) => [file, readFileSync(file, 'utf8').trim().split('\n')] as const),
    );
  }

  /** What the agents themselves know, over all restarts. */
  function countReserved(): number {
    const files = globSync(join(directory, 'agent-*/**/resources.json'));
    return files.flatMap((file) => readFileSync(file, 'utf8').match(/"stevedore\.id"/g) ?? []).length;
  }

  it('are made with the first launch, and the services write into them', async () => {
    await untilComplete();
    const starts = Object.values(readStarts());
    assert.deepEqual(
      starts.map(({ length }) => length),
      [1, 1],
    );
    const pids = listServices(directory).map((service) => service.split(' ')[0]);
    assert.deepEqual(new Set(starts.flat()), new Set(pids));
    assert.equal(countReserved(), 2 * ['cpus', 'mem', 'ports', 'volume'].length);
  });

  it('are there again after a service and the scheduler were killed', async () => {
    const before = readStarts();
    const status = await readStatus();
    await endProgram(scheduler, 'SIGKILL');
    process.kill(Number.parseInt(listServices(directory)[0] as string, 10), 'SIGKILL');
    scheduler = startScheduler();
    await eventually('second start', 60_000, () =>
      Object.values(readStarts()).some((pids) => pids.length === 2) ? true : undefined,
    );
    const after = await untilComplete();
    assert.deepEqual(Object.keys(readStarts()).sort(), Object.keys(before).sort());
    const places = ({ instances }: StatusReport) =>
      instances.map(({ name, host, ports }) => `${name} ${host} ${JSON.stringify(ports)}`);
    assert.deepEqual(places(after), places(status));
  });

  it('are gone after a teardown, with every reservation', async () => {
    const exited = once(scheduler, 'exit');
    const report = await callApi<TeardownReport>(stateDirectory(), 'POST', '/v1/teardown');
    assert.equal(report.tornDown, true);
    assert.equal((await exited)[0], 0);
    assert.deepEqual(readStarts(), {});
    assert.equal(countReserved(), 0);
  });
});
