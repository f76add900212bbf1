/** Real processes: what a container's environment, user, end and grace are. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type LocalMesos, startLocalMesos, untilTrue } from './local-mesos.ts';
import { shellExecutor, TestScheduler } from './test-scheduler.ts';

function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

describe('containers', () => {
  let mesos: LocalMesos;
  let scheduler: TestScheduler;

  beforeEach(async () => {
    mesos = await startLocalMesos({ agent: { shutdownGraceMs: 200, registrationTimeoutMs: 60_000 } });
    scheduler = new TestScheduler(mesos.master.port);
    await scheduler.subscribe({ name: 'containers' });
  });
  afterEach(async () => {
    scheduler.close();
    await mesos.close();
  });

  const directoryOf = (id: string): string =>
    mesos.agent.agent.executors.find((executor) => executor.id === id)?.directory ?? '';
  const readPid = async (id: string, name: string): Promise<number> => {
    const file = path.join(directoryOf(id), name);
    await untilTrue(`the file ${name}`, () => existsSync(file) && readFileSync(file, 'utf8').trim() !== '');
    return Number(readFileSync(file, 'utf8'));
  };

  it('run a command task to its end, and tell how it ended', async () => {
    await scheduler.launch({ name: 'good', command: { value: 'true' } });
    assert.equal(
      (await scheduler.untilState('good', 'TASK_FINISHED')).message,
      'Command exited with status 0',
    );
    await scheduler.launch({ name: 'bad', command: { value: 'exit 3' } });
    assert.equal((await scheduler.untilState('bad', 'TASK_FAILED')).message, 'Command exited with status 3');
  });

  it('kill a command task with all that it started', async () => {
    await scheduler.launch({ name: 'long', command: { value: 'sleep 600 & echo $! > pid; wait' } });
    await scheduler.untilState('long', 'TASK_RUNNING');
    const pid = await readPid('long', 'pid');
    await scheduler.call('KILL', { kill: { task_id: { value: 'long' } } });
    assert.equal(
      (await scheduler.untilState('long', 'TASK_KILLED')).message,
      'Command terminated with signal Terminated',
    );
    await untilTrue('the end of the child', () => !isRunning(pid));
  });

  it('end with their executor: children, grandchildren and those that left its session', async () => {
    const value =
      'sleep 601 & echo $! > child; setsid sh -c "echo \\$\\$ > stray; exec sleep 602" & sleep 603 & wait';
    await scheduler.launch({ name: 'tree', executor: shellExecutor('tree', value) });
    const [child, stray] = [await untilStarted('child'), await untilStarted('stray')];
    process.kill(mesos.agent.agent.executors[0]?.process?.pid ?? 0, 'SIGKILL');
    const status = await scheduler.untilState('tree', 'TASK_FAILED');
    assert.equal(status.reason, 'REASON_EXECUTOR_TERMINATED');
    const failure = scheduler.events.findIndex((event) => event.type === 'FAILURE');
    assert.deepEqual((scheduler.events[failure] as { failure?: { status?: number } }).failure?.status, 9);
    assert.ok(failure < scheduler.events.findIndex((event) => event.type === 'UPDATE'));
    await untilTrue('the end of the tree', () => !isRunning(child) && !isRunning(stray));
  });

  async function untilStarted(name: string): Promise<number> {
    await untilTrue('the executor', () => mesos.agent.agent.executors[0]?.process !== undefined);
    return readPid('tree', name);
  }

  it('are killed when their executor does not end within its grace', async () => {
    await scheduler.launch({ name: 'deaf', executor: shellExecutor('deaf', 'trap "" TERM; sleep 600') });
    await untilTrue('the executor', () => mesos.agent.agent.executors[0]?.process !== undefined);
    const executor = mesos.agent.agent.executors[0];
    if (executor !== undefined) executor.state = 'RUNNING';
    const agent_id = scheduler.offers[0]?.agent_id;
    await scheduler.call('SHUTDOWN', { shutdown: { executor_id: { value: 'deaf' }, agent_id } });
    assert.equal((await scheduler.untilState('deaf', 'TASK_FAILED')).message, 'Executor terminated');
    assert.equal(isRunning(executor?.process?.pid ?? 0), false);
  });

  it('are killed when their executor does not subscribe in time', async () => {
    const hasty = await startLocalMesos({ agent: { registrationTimeoutMs: 300 } });
    const other = new TestScheduler(hasty.master.port);
    try {
      await other.subscribe({ name: 'hasty' });
      await other.launch({ name: 'mute', executor: shellExecutor('mute', 'sleep 600') });
      const status = await other.untilState('mute', 'TASK_FAILED');
      assert.equal(status.reason, 'REASON_EXECUTOR_REGISTRATION_TIMEOUT');
      assert.equal(status.message, 'Executor did not register within 300ms');
    } finally {
      other.close();
      await hasty.close();
    }
  });

  it('run as the user of the framework, who owns the sandbox', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const { uid } = statSync('/');
    assert.equal(uid, 0);
    const nobody = Number(readFileSync('/etc/passwd', 'utf8').match(/^nobody:[^:]*:(\d+):/m)?.[1]);
    const executor = shellExecutor('other', 'id -u > pid; sleep 600');
    await scheduler.launch({
      name: 'other',
      executor: { ...executor, command: { ...executor.command, user: 'nobody' } },
    });
    await untilTrue('the executor', () => mesos.agent.agent.executors[0]?.process !== undefined);
    // The directories above are those of the test: nobody may enter them only if the temporary directory allows it.
    assert.equal(statSync(directoryOf('other')).uid, nobody);
    const status = readFileSync(`/proc/${mesos.agent.agent.executors[0]?.process?.pid}/status`, 'utf8');
    assert.match(status, new RegExp(`^Uid:\\s+${nobody}\\s`, 'm'));
  });

  it('fail with a clear message for a user that the machine does not have', async function () {
    if (process.getuid?.() !== 0) this.skip();
    await scheduler.launch({ name: 'ghost', command: { value: 'true', user: 'no-such-user' } });
    const status = await scheduler.untilState('ghost', 'TASK_FAILED');
    assert.equal(status.reason, 'REASON_CONTAINER_LAUNCH_FAILED');
    assert.match(status.message ?? '', /no-such-user/);
  });
});
