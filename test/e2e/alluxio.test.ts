/** The real Alluxio through the whole product: local Mesos, scheduler, artifact server, executor bundle. Tests build on each other. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { parseProperties } from '../../config/properties.ts';
import { startAlluxio } from '../../scripts/up/steps.ts';
import { eventually } from '../support/eventually.ts';
import { type ProcessEntry, listProcesses, listTree } from '../support/process-table.ts';
import {
  RAMDISK_BYTES,
  type RunningAlluxio,
  bringUpAlluxio,
  endAlluxio,
  findExecutor,
  findInstance,
  listServiceIdentities,
  listServices,
  readInstances,
  readMesosPrograms,
  runClient,
  waitForNewTask,
  waitForStatus,
} from './running-alluxio.ts';
import { searchSecret } from './secret-search.ts';

const TMPFS_MAGIC = 0x01021994;
const SECRET = 'planted-9f3b1c77e2';
const CONTENT_BYTES = 20_000_000;
const FORMER_MOUNTS = readFileSync('/proc/self/mounts', 'utf8');

/** Where a service's configuration lies: the first entry of its class path. */
function readProperty(service: ProcessEntry, key: string): string {
  const words = service.commandLine.split('\0');
  const config = (words[words.indexOf('-cp') + 1] ?? '').split(':')[0] ?? '';
  const path = `/proc/${service.pid}/root${config.replace(/\/$/, '')}/alluxio-site.properties`;
  const { entries } = parseProperties(readFileSync(path, 'utf8'), path);
  const value = entries.findLast((entry) => entry.key === key)?.value;
  if (value === undefined) throw new Error(`${path} has no ${key}`);
  return value;
}

/** A worker's ramdisk as the worker sees it. */
function locateRamdisk(worker: ProcessEntry): string {
  return `/proc/${worker.pid}/root${readProperty(worker, 'alluxio.worker.tieredstore.level0.dirs.path')}`;
}

async function listBlocks(worker: ProcessEntry): Promise<string[]> {
  const entries = await readdir(locateRamdisk(worker), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && /^\d+$/.test(entry.name)).map(({ name }) => name);
}

/** What listens on the ports of Alluxio belongs to somebody else; the cluster could not use its default ports. */
async function requireFreePort(host: string, port: number): Promise<void> {
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

describe('Alluxio on Mesos', function () {
  this.timeout(300_000);
  this.bail(true);
  let alluxio: RunningAlluxio;
  let source: string;

  async function assertReadable(path: string): Promise<void> {
    const copy = join(alluxio.directory, 'copy');
    await runClient(alluxio, 'copyToLocal', path, copy);
    assert.ok((await readFile(copy)).equals(await readFile(source)), `${path} reads back as it was written`);
    await rm(copy);
  }

  /** Sandboxes, which agents serve under /files, lie in the directory of Mesos. */
  async function findSecret(): Promise<string[]> {
    const { master, agents } = await readMesosPrograms(alluxio);
    const { layout } = alluxio.cluster;
    return await searchSecret(SECRET, {
      directories: [layout.logDirectory, layout.mesosDirectory, layout.stateDirectory],
      urls: [`http://${master}/state`, ...agents.map(({ address }) => `http://${address}/state`)],
    });
  }

  before(async () => {
    await requireFreePort('127.0.0.2', 19998);
    alluxio = await bringUpAlluxio({ 's3a.secretKey': SECRET });
    source = join(alluxio.directory, 'source');
    await writeFile(source, Buffer.alloc(CONTENT_BYTES, 'stevedore '));
  });

  after(async () => {
    if (alluxio !== undefined) await endAlluxio(alluxio);
  });

  it('writes a file through the real client and reads it back', async () => {
    await runClient(alluxio, 'copyFromLocal', source, '/first');
    assert.match(await runClient(alluxio, 'ls', '/'), /20000000\s.*\/first/);
    await assertReadable('/first');
  });

  it('keeps blocks in a tmpfs of the configured size, which the host does not see', async () => {
    const workers = listServices(alluxio, 'worker');
    assert.equal(workers.length, 2);
    for (const worker of workers) {
      const { type, blocks, bsize } = await statfs(locateRamdisk(worker));
      assert.equal(type, TMPFS_MAGIC);
      assert.equal(blocks * bsize, RAMDISK_BYTES);
    }
    const blocks = (await Promise.all(workers.map(listBlocks))).flat();
    assert.ok(blocks.length >= 2, `20 MB in blocks of 16 MB: ${blocks.join(' ')}`);
    assert.equal(readFileSync('/proc/self/mounts', 'utf8'), FORMER_MOUNTS);
  });

  it('shows a planted secret to nobody', async () => {
    assert.deepEqual(await findSecret(), []);
    const [worker] = listServices(alluxio, 'worker');
    assert.equal(readProperty(worker as ProcessEntry, 's3a.secretKey'), SECRET);
  });

  it('finds a secret that is there', async () => {
    const planted = join(alluxio.directory, 'planted');
    await mkdir(planted);
    await writeFile(join(planted, 'log'), `x ${SECRET} y`);
    assert.deepEqual(await searchSecret(SECRET, { directories: [planted], urls: [] }), [
      join(planted, 'log'),
    ]);
  });

  it('replaces a worker that is killed', async () => {
    const before = await findInstance(alluxio, 'worker-0');
    const pid = Number(before.labels['stevedore.service.pid']);
    const worker = listServices(alluxio, 'worker').find((service) =>
      listTree(pid).some((each) => each.pid === service.pid),
    );
    process.kill((worker as ProcessEntry).pid, 'SIGKILL');
    const now = await waitForNewTask(alluxio, before);
    assert.equal(now.host, before.host);
    assert.equal(listServices(alluxio, 'worker').length, 2);
    await assertReadable('/first');
  });

  it('brings a master that is killed back on its host, with its files', async () => {
    const before = await findInstance(alluxio, 'master-0');
    process.kill((listServices(alluxio, 'master')[0] as ProcessEntry).pid, 'SIGKILL');
    const now = await waitForNewTask(alluxio, before);
    assert.equal(now.host, before.host);
    assert.deepEqual(now.ports, before.ports);
    await waitForStatus(alluxio, 'the whole cluster again', ({ phase }) => phase === 'complete');
    assert.match(await runClient(alluxio, 'ls', '/'), /20000000\s.*\/first/);
    await assertReadable('/first');
  });

  it('restarts nothing when the scheduler is killed and started again', async () => {
    const before = listServiceIdentities(alluxio);
    const tasks = (await readInstances(alluxio)).map(({ taskId }) => taskId);
    const scheduler = alluxio.cluster.programs.findLast(({ identity }) => identity.name === 'framework');
    process.kill(scheduler?.identity.pid as number, 'SIGKILL');
    await scheduler?.ended;
    await startAlluxio(alluxio.cluster);
    const pid = alluxio.cluster.programs.at(-1)?.identity.pid;
    const status = await waitForStatus(
      alluxio,
      'the scheduler to take over',
      (report) => report.pid === pid && report.connected && report.phase === 'complete',
    );
    assert.deepEqual(
      status.instances.map(({ taskId }) => taskId),
      tasks,
    );
    assert.deepEqual(listServiceIdentities(alluxio), before);
    await assertReadable('/first');
  });

  it('restarts nothing when an agent is killed and started again', async () => {
    const before = listServiceIdentities(alluxio);
    const [agent] = (await readMesosPrograms(alluxio)).agents;
    process.kill(agent?.pid as number, 'SIGKILL');
    const again = await eventually('the agent', 60_000, async () => {
      const now = (await readMesosPrograms(alluxio)).agents.find(({ name }) => name === agent?.name);
      return now !== undefined && now.pid !== agent?.pid ? now : undefined;
    });
    await eventually('the agent to know its executors', 60_000, async () => {
      const state = (await (await fetch(`http://${again.address}/state`)).json()) as {
        frameworks: { executors: unknown[] }[];
      };
      return state.frameworks.flatMap(({ executors }) => executors).length === 2 ? true : undefined;
    });
    await waitForStatus(alluxio, 'the cluster', ({ phase }) => phase === 'complete');
    assert.deepEqual(listServiceIdentities(alluxio), before);
    await runClient(alluxio, 'copyFromLocal', source, '/second');
    await assertReadable('/second');
  });

  it('leaves nothing of a service whose executor is killed, and replaces the task', async () => {
    const before = await findInstance(alluxio, 'worker-1');
    const worker = listServices(alluxio, 'worker').find((service) =>
      findExecutor(service).environment.includes(before.taskId as string),
    ) as ProcessEntry;
    const executor = findExecutor(worker);
    const family = listTree(executor.pid);
    process.kill(executor.pid, 'SIGKILL');
    await waitForNewTask(alluxio, before);
    const alive = new Map(listProcesses().map(({ pid, startTime }) => [pid, startTime]));
    assert.deepEqual(
      family.filter(({ pid, startTime }) => alive.get(pid) === startTime),
      [],
    );
    await assertReadable('/second');
  });

  it('has shown the secret to nobody in all these failures', async () => {
    assert.deepEqual(await findSecret(), []);
  });

  it('leaves no process, mount or directory after its teardown', async () => {
    const { layout } = alluxio.cluster;
    const taskIds = (await readInstances(alluxio)).flatMap(({ taskId }) => taskId ?? []);
    await endAlluxio(alluxio);
    const left = listProcesses().filter(
      ({ pid, commandLine, environment }) =>
        pid !== process.pid && (commandLine + environment).includes(alluxio.directory),
    );
    assert.deepEqual(
      left.map(({ commandLine }) => commandLine),
      [],
    );
    assert.equal(readFileSync('/proc/self/mounts', 'utf8'), FORMER_MOUNTS);
    assert.ok(!existsSync(layout.runDirectory));
    const shared = existsSync('/dev/shm') ? await readdir('/dev/shm', { recursive: true }) : [];
    assert.deepEqual(
      shared.filter((name) => taskIds.some((taskId) => name.includes(taskId))),
      [],
    );
  });
});
