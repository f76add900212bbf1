/** What goes wrong or is taken away, with scheduler processes, local Mesos, the executor bundle and real services. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callApi } from '../../../../scheduler/api/client.ts';
import type { ExplainReport, StatusReport } from '../../../../scheduler/api/status.ts';
import { eventually } from '../../../support/eventually.ts';
import { killOwn, listServices } from '../../../support/fixture-processes.ts';
import { LOOPBACK_NETWORK } from '../../../support/loopback-network.ts';
import { ROOT, endProgram, startProgram } from '../../../support/program.ts';

interface Scheduler {
  readonly process: ChildProcess;
  readonly stateDirectory: string;
  readonly log: string[];
}

describe('failures with local Mesos and the executor bundle', function () {
  this.timeout(180_000);
  const children: ChildProcess[] = [];
  const schedulers: Scheduler[] = [];
  let directory: string;
  let master: string;

  before(async function () {
    if (!existsSync(join(ROOT, 'build/executor-bundle.json'))) this.skip();
    directory = mkdtempSync(join(tmpdir(), 'stevedore-failures-'));
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
  });

  after(async () => {
    for (const child of children.toReversed()) await endProgram(child, 'SIGTERM');
    if (directory === undefined) return;
    killOwn(directory);
    rmSync(directory, { recursive: true, force: true });
  });

  afterEach(function () {
    if (this.currentTest?.state === 'failed') console.log(schedulers.flatMap(({ log }) => log).join(''));
  });

  async function startMesos(args: readonly string[]): Promise<string> {
    const mesos = startProgram([
      'local/entry.ts',
      ...args,
      `--work-dir=${join(directory, `${args[0]}-${children.length}`)}`,
    ]);
    children.push(mesos);
    const [line] = (await once(mesos.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    return (JSON.parse(line.toString()) as { address: string }).address;
  }

  function startScheduler(cluster: string, ...args: readonly string[]): Scheduler {
    const stateDirectory = join(directory, cluster);
    const connection = ['--master', master, '--state-dir', stateDirectory, '--cluster', cluster];
    const child = startProgram(['scripts/stevedore.ts', 'fixture', ...connection, ...args]);
    const log: string[] = [];
    child.stdout?.on('data', (piece: Buffer) => log.push(piece.toString()));
    children.push(child);
    const scheduler = { process: child, stateDirectory, log };
    schedulers.push(scheduler);
    return scheduler;
  }

  const readStatus = ({ stateDirectory }: Scheduler) =>
    callApi<StatusReport>(stateDirectory, 'GET', '/v1/status');

  const untilReady = (scheduler: Scheduler) =>
    eventually('all ready', 60_000, async () => {
      const { pid, instances } = await readStatus(scheduler);
      const isReady = pid === scheduler.process.pid && instances.every(({ phase }) => phase === 'ready');
      return isReady ? instances : undefined;
    });

  async function exitOf({ process: child }: Scheduler): Promise<number | null> {
    if (child.exitCode !== null) return child.exitCode;
    return ((await once(child, 'exit')) as [number | null])[0];
  }

  it('a service that ends again and again is explained, and given up when more tasks failed than may', async () => {
    const args = [
      '--instances',
      '1',
      // Else chance would say whether it was ready before it ended.
      '--program-argument=--listen-after=60000',
      '--program-argument=--exit-after=200',
      '--program-argument=--exit-code=3',
    ];
    const scheduler = startScheduler('crashes', ...args, '--maximum-failed-tasks=2');
    await eventually('the first failure is kept', 60_000, async () => {
      const report = await callApi<ExplainReport>(scheduler.stateDirectory, 'GET', '/v1/explain');
      return report.instances[0]?.failures[0]?.message?.includes('3') ? true : undefined;
    });
    assert.equal(await exitOf(scheduler), 1);
    const log = scheduler.log.join('');
    assert.match(log, /more tasks have failed than may: gives the service up/);
    assert.match(
      log,
      /3 tasks have failed and 2 may, so the service was torn down\. The last failures: fixture-0 on /,
    );
    assert.deepEqual(listServices(directory), []);
    const next = startScheduler('crashes', ...args);
    await eventually('the next start tells', 60_000, () =>
      next.log.join('').includes('the run before was given up') ? true : undefined,
    );
    await eventually('the crash loop is explained', 60_000, async () => {
      const report = await callApi<ExplainReport>(next.stateDirectory, 'GET', '/v1/explain');
      return report.instances[0]?.crashLoop?.startsWith('crash loop: 3 ends in') ? true : undefined;
    });
    await callApi(next.stateDirectory, 'POST', '/v1/teardown', { body: { confirm: 'crashes' } });
    assert.equal(await exitOf(next), 0);
  });

  it('a drained host is left, and used again when it may be', async () => {
    const scheduler = startScheduler('drains', '--instances', '2');
    const [first, second] = await untilReady(scheduler);
    const host = first?.hostname ?? '';
    assert.notEqual(host, second?.hostname);
    await callApi(scheduler.stateDirectory, 'POST', `/v1/hosts/${host}/drain`);
    const moved = await eventually('moved', 60_000, async () => {
      const instances = await untilReady(scheduler);
      return instances.every(({ hostname }) => hostname === second?.hostname) ? instances : undefined;
    });
    assert.equal(moved[1]?.taskId, second?.taskId);
    const { hosts } = await callApi<ExplainReport>(scheduler.stateDirectory, 'GET', '/v1/explain');
    assert.deepEqual(hosts, [
      { hostname: host, reason: `host ${host} is drained by an operator`, staying: [] },
    ]);
    await callApi(scheduler.stateDirectory, 'POST', `/v1/hosts/${host}/undrain`);
    await callApi(scheduler.stateDirectory, 'POST', '/v1/teardown', { body: { confirm: 'drains' } });
    assert.equal(await exitOf(scheduler), 0);
  });

  it('a teardown goes on when its scheduler is killed, and the service is not started again', async () => {
    const args = ['--instances', '2', '--program-argument=--ignore-term'];
    const killed = startScheduler('teardowns', ...args);
    await untilReady(killed);
    const ordered = callApi(killed.stateDirectory, 'POST', '/v1/teardown', {
      body: { confirm: 'teardowns' },
    });
    ordered.catch(() => undefined);
    await eventually('kills are under way', 30_000, async () => {
      const { instances } = await readStatus(killed);
      return instances.some(({ phase }) => phase === 'killing') ? true : undefined;
    });
    await endProgram(killed.process, 'SIGKILL');
    const next = startScheduler('teardowns', ...args);
    assert.equal(await exitOf(next), 0);
    assert.match(next.log.join(''), /goes on with the teardown/);
    assert.doesNotMatch(next.log.join(''), /instance is launching/);
    assert.deepEqual(listServices(directory), []);
  });
});
