/** The local Mesos as its user starts it: one command, processes of its own, and none left afterwards. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { untilTrue } from './local-mesos.ts';
import { TestScheduler } from './test-scheduler.ts';

const ENTRY = path.resolve(import.meta.dirname, '../../../local/entry.ts');

interface Summary {
  readonly master: string;
  readonly masterPid: number;
  readonly agents: readonly { readonly name: string; readonly address: string; readonly pid: number }[];
}

/** Processes whose command line or environment names the directory. */
function findProcesses(directory: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.map(Number).filter((pid) => {
    try {
      const texts = ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'latin1'));
      return texts.some((text) => text.includes(directory));
    } catch {
      return false;
    }
  });
}

async function run(
  args: readonly string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [ENTRY, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += chunk));
  child.stderr.on('data', (chunk) => (output.stderr += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, ...output };
}

describe('stevedore local', () => {
  let workDir: string;
  let child: ChildProcess | undefined;

  beforeEach(() => {
    workDir = mkdtempSync(path.join(tmpdir(), 'stevedore-supervisor-'));
  });
  afterEach(async () => {
    if (child !== undefined && child.exitCode === null) {
      child.kill('SIGKILL');
      await untilTrue(
        'the end of the supervisor',
        () => child?.exitCode !== null || child.signalCode !== null,
      );
    }
    for (const pid of findProcesses(workDir)) process.kill(pid, 'SIGKILL');
    rmSync(workDir, { recursive: true, force: true });
  });

  const start = async (): Promise<Summary> => {
    const started = spawn(process.execPath, [ENTRY, '--agents=2', '--port', '0', `--work-dir=${workDir}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = started;
    const line = await new Promise<string>((resolve) =>
      createInterface(started.stdout).once('line', resolve),
    );
    const ready = JSON.parse(line) as Summary & { ready: boolean };
    assert.equal(ready.ready, true);
    return ready;
  };
  const readSummary = (): Summary =>
    JSON.parse(readFileSync(path.join(workDir, 'local.json'), 'utf8')) as Summary;

  it('says why its master did not start, and ends', async () => {
    const holder = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as AddressInfo;
    const { code, stderr } = await run(['--agents=1', `--port=${port}`, `--work-dir=${workDir}`]);
    holder.close();
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`master did not start: Nothing can listen on 127\\.0\\.0\\.1:${port}`));
  });

  it('brings agents up on addresses of their own, runs tasks, and leaves no process when it is asked to end', async function () {
    this.timeout(40_000);
    const { master, agents } = await start();
    assert.deepEqual(
      agents.map(({ address }) => address.split(':')[0]),
      ['127.0.0.2', '127.0.0.3'],
    );
    const scheduler = new TestScheduler(Number(master.split(':')[1]));
    try {
      await scheduler.subscribe({ name: 'user' });
      await scheduler.until('offers of both', () => scheduler.offers.length === 2);
      const ports = scheduler.offers.map((offer) =>
        JSON.stringify(offer.resources?.find(({ name }) => name === 'ports')),
      );
      assert.equal(ports.filter((text) => text.includes('"begin":19998')).length, 1);
      await scheduler.launch({ name: 'runs', command: { value: 'sleep 604 & setsid sleep 605 & wait' } });
      await scheduler.untilState('runs', 'TASK_RUNNING');
      child?.kill('SIGTERM');
      await untilTrue('the end', () => child?.exitCode === 0, 20_000);
      assert.deepEqual(findProcesses(workDir), []);
    } finally {
      scheduler.close();
    }
  });

  it('starts an agent that was killed again: the task runs on under the same pid', async function () {
    this.timeout(40_000);
    const { master } = await start();
    const scheduler = new TestScheduler(Number(master.split(':')[1]));
    try {
      await scheduler.subscribe({ name: 'user' });
      await scheduler.launch({ name: 'stays', command: { value: 'sleep 606' } });
      const running = await scheduler.untilState('stays', 'TASK_RUNNING');
      const agents = readSummary().agents;
      for (const { pid } of agents) process.kill(pid, 'SIGKILL');
      await untilTrue(
        'new agents',
        () => readSummary().agents.every(({ pid }, index) => pid !== agents[index]?.pid),
        10_000,
      );
      const offers = scheduler.offers.length;
      await scheduler.until('offers again', () => scheduler.offers.length > offers, 15_000);
      process.kill(running.container_status?.executor_pid ?? 0, 0);
      assert.equal(
        scheduler.updates.some(({ state }) => state !== 'TASK_STARTING' && state !== 'TASK_RUNNING'),
        false,
      );
      await scheduler.call('KILL', { kill: { task_id: { value: 'stays' } } });
      await scheduler.untilState('stays', 'TASK_KILLED');
      assert.deepEqual(
        readSummary().agents.map(({ address }) => address),
        agents.map(({ address }) => address),
      );
    } finally {
      scheduler.close();
    }
    child?.kill('SIGINT');
    await untilTrue('the end', () => child?.exitCode === 0, 20_000);
    assert.deepEqual(findProcesses(workDir), []);
  });

  it('starts a master that was killed again, on the same port', async function () {
    this.timeout(40_000);
    const { master, masterPid } = await start();
    process.kill(masterPid, 'SIGKILL');
    await untilTrue('a new master', () => readSummary().masterPid !== masterPid, 10_000);
    assert.equal(readSummary().master, master);
    const scheduler = new TestScheduler(Number(master.split(':')[1]));
    try {
      await scheduler.subscribe({ name: 'user' });
      await scheduler.until('offers of both', () => scheduler.offers.length === 2);
    } finally {
      scheduler.close();
    }
  });

  it('ends its master and agents when it is killed itself', async function () {
    this.timeout(40_000);
    const { masterPid, agents } = await start();
    child?.kill('SIGKILL');
    const isGone = (pid: number): boolean => !findProcesses(workDir).includes(pid);
    await untilTrue(
      'the end of all',
      () => [masterPid, ...agents.map(({ pid }) => pid)].every(isGone),
      10_000,
    );
  });

  it('tells what is wrong in one line: an unknown flag, a bad value, a port that is taken, a directory that is none', async function () {
    this.timeout(40_000);
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const file = path.join(workDir, 'file');
    writeFileSync(file, '');
    try {
      const unknown = await run(['master', '--prot=1']);
      assert.equal(unknown.code, 2);
      assert.match(
        unknown.stderr,
        /^stevedore local: '--prot=1' is no flag of 'local master'\. Known are: --ip, .*\n$/,
      );
      const value = await run(['--agents=many']);
      assert.equal(value.code, 2);
      assert.match(value.stderr, /'--agents' cannot be 'many'.*whole number/);
      const taken = await run(['master', `--port=${port}`]);
      assert.equal(taken.code, 1);
      assert.match(taken.stderr, new RegExp(`Nothing can listen on 127\\.0\\.0\\.1:${port}: .*--port`));
      const directory = await run(['agent', '--port=0', `--work-dir=${file}/below`]);
      assert.equal(directory.code, 1);
      assert.match(directory.stderr, /work directory '.*\/below' cannot be used: .*--work-dir/);
    } finally {
      server.close();
    }
  });
});
