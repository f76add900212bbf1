/** `stevedore up` as people run it, with the small test service. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callApi } from '../../../scheduler/api/client.ts';
import type { StatusReport } from '../../../scheduler/api/status.ts';
import { readProgram } from '../../../scripts/child-process.ts';
import { layOut } from '../../../scripts/up/layout.ts';
import { commandLineOf } from '../../../scripts/up/program.ts';
import { takeDown } from '../../../scripts/up/take-down.ts';
import { readUpRecord } from '../../../scripts/up/up-record.ts';
import { eventually } from '../../support/eventually.ts';
import { listProcesses } from '../../support/process-table.ts';

describe('stevedore up', function () {
  this.timeout(180_000);
  let directory: string;
  let output: string;
  let up: ChildProcess | undefined;

  function startUp(...words: string[]): ChildProcess {
    const [command, args] = commandLineOf([
      'up',
      '--service=fixture',
      '--port=0',
      '--directory',
      directory,
      ...words,
    ]);
    output = '';
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => void (output += piece));
    up = child;
    return child;
  }

  async function waitForReady(): Promise<void> {
    await eventually('the cluster', 120_000, () => {
      if (up?.exitCode !== null) throw new Error(output);
      return output.includes('Ctrl-C ends it') ? true : undefined;
    });
  }

  function listOwn(): string[] {
    return listProcesses()
      .filter(
        ({ pid, commandLine, environment }) =>
          pid !== process.pid && (commandLine + environment).includes(directory),
      )
      .map(({ commandLine }) => commandLine.replaceAll('\0', ' '));
  }

  async function runProgram(...words: string[]): ReturnType<typeof readProgram> {
    return await readProgram(
      ...commandLineOf([...words, '--directory', directory]),
      AbortSignal.timeout(120_000),
    );
  }

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stevedore-up-'));
  });

  afterEach(async () => {
    up?.kill('SIGKILL');
    const layout = layOut(directory);
    const record = await readUpRecord(layout.recordPath);
    await takeDown({ layout, programs: record?.programs ?? [], report: () => {} });
    await rm(directory, { recursive: true, force: true });
  });

  it('shows each step, holds the cluster, and leaves nothing after Ctrl-C', async () => {
    const mounts = readFileSync('/proc/self/mounts', 'utf8');
    const child = startUp();
    await waitForReady();
    assert.match(output, /Local Mesos: 2 agents, master at 127\.0\.0\.1:\d+ \[/);
    assert.match(output, /fixture-0 +\w+ 127\.0\.0\.\d:\d+|fixture-0 +http/);
    assert.match(output, /The cluster is ready after/);
    const second = await runProgram('up', '--service=fixture', '--port=0');
    assert.equal(second.status, 1);
    assert.match(second.lines.join('\n'), new RegExp(`running already.*process ${child.pid}`));
    child.kill('SIGINT');
    const [status] = (await once(child, 'exit')) as [number];
    assert.equal(status, 0, output);
    assert.deepEqual(listOwn(), []);
    assert.deepEqual(await readdir(directory), ['logs']);
    assert.equal(readFileSync('/proc/self/mounts', 'utf8'), mounts);
  });

  it('is ended from elsewhere', async () => {
    const child = startUp();
    await waitForReady();
    const exited = once(child, 'exit');
    assert.equal((await runProgram('down')).status, 0);
    assert.deepEqual(await exited, [0, null]);
    assert.deepEqual(listOwn(), []);
  });

  it('is cleaned up by down after it was killed', async () => {
    const child = startUp();
    await waitForReady();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { stateDirectory } = layOut(directory);
    await callApi(stateDirectory, 'GET', '/v1/status');
    assert.equal((await runProgram('down')).status, 0);
    assert.deepEqual(listOwn(), []);
    assert.ok(!existsSync(layOut(directory).runDirectory));
  });

  it('undoes everything when a step fails, and shows the end of its log', async () => {
    const child = startUp('--mesos=127.0.0.1:1', '--service=fixture');
    const killed = await eventually('the scheduler', 60_000, async () => {
      const record = await readUpRecord(layOut(directory).recordPath);
      return record?.programs.find(({ name }) => name === 'framework');
    });
    process.kill(killed.pid, 'SIGKILL');
    const [status] = (await once(child, 'exit')) as [number];
    assert.equal(status, 1);
    assert.match(output, /framework failed: it ended with signal SIGKILL/);
    assert.deepEqual(listOwn(), []);
  });

  it('lets executors clean up when also the scheduler was killed', async () => {
    const child = startUp();
    await waitForReady();
    const { recordPath, stateDirectory } = layOut(directory);
    const { instances } = await callApi<StatusReport>(stateDirectory, 'GET', '/v1/status');
    const scheduler = (await readUpRecord(recordPath))?.programs.find(({ name }) => name === 'framework');
    child.kill('SIGKILL');
    process.kill(scheduler?.pid as number, 'SIGKILL');
    assert.equal((await runProgram('down')).status, 0);
    assert.deepEqual(listOwn(), []);
    const shared = await readdir('/dev/shm', { recursive: true });
    const left = shared.filter((path) => instances.some(({ taskId }) => path.includes(taskId as string)));
    assert.deepEqual(left, []);
  });

  it('has nothing to end where nothing runs', async () => {
    const { status, lines } = await runProgram('down');
    assert.equal(status, 0);
    assert.match(lines.join('\n'), /Nothing runs/);
  });
});
