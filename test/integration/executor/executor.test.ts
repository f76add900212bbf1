import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LaunchSpec } from '../../../protocol/launch-spec.ts';
import type { TaskStatus } from '../../../protocol/mesos/task.ts';
import { parseLabels, SERVICE_PID_LABEL } from '../../../protocol/status-labels.ts';
import { FakeAgent } from './fake-agent.ts';
import {
  agentEnvironment,
  findFreePort,
  fixtureSpec,
  forceGroup,
  isAlive,
  makeSandbox,
  removeSandbox,
  type StartedExecutor,
  startExecutor,
  toTask,
  untilGone,
} from './launch-fixture.ts';

describe('executor', () => {
  let agent: FakeAgent;
  let sandbox: string;
  let port: number;
  let executor: StartedExecutor;

  beforeEach(async () => {
    agent = await new FakeAgent().listen();
    sandbox = makeSandbox();
    port = await findFreePort();
  });

  afterEach(async () => {
    executor.child.kill('SIGKILL');
    try {
      await untilGone(servicePid());
    } finally {
      forceGroup(servicePid());
      await agent.close();
      removeSandbox(sandbox);
    }
  });

  function servicePid(): number | undefined {
    const labels = agent.statuses.map((status) => parseLabels(status.labels)[SERVICE_PID_LABEL]);
    const pid = labels.find((label) => label !== undefined);
    return pid === undefined ? undefined : Number(pid);
  }

  function states(): readonly string[] {
    return agent.statuses.map(({ state }) => state);
  }

  async function start(args: readonly string[], changes: Partial<LaunchSpec> = {}): Promise<void> {
    executor = startExecutor(sandbox, agentEnvironment(agent, sandbox));
    await agent.untilSubscribed();
    agent.launch(toTask(fixtureSpec(port, args, changes)));
  }

  /** Waits for the last update and the executor's own end. */
  async function finish(state: TaskStatus['state']): Promise<TaskStatus> {
    const status = await agent.untilStatus(state);
    assert.equal(await executor.exit, 0);
    return status;
  }

  it('says STARTING at once, RUNNING when the port is open, and FINISHED at code 0', async () => {
    await start(['--listen-after', '300', '--exit-after', '2000', '--print', 'hello']);
    await finish('TASK_FINISHED');
    assert.deepEqual(states(), ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
    const running = agent.statuses[1] as TaskStatus;
    const labels = parseLabels(running.labels);
    assert.equal(running.healthy, true);
    assert.ok(Number(labels['stevedore.step.ready']) >= 300);
    assert.equal(labels['stevedore.step.fetch.nothing'], '2');
    assert.equal(labels['stevedore.executor.version'], '1');
    assert.match(executor.output('stdout'), /^hello\nfixture service listens on 127\.0\.0\.1/);
    assert.equal(readFileSync(join(sandbox, 'delivery'), 'utf8'), 'released\n');
    assert.ok(existsSync(join(sandbox, 'logs')));
  });

  it('gives the service exactly the environment of the spec, in a process group of its own', async () => {
    await start(['--environment', join(sandbox, 'environment')]);
    await agent.untilStatus('TASK_RUNNING');
    const environment = JSON.parse(readFileSync(join(sandbox, 'environment'), 'utf8'));
    assert.deepEqual(environment, { GREETING: `from ${sandbox}` });
    const pid = servicePid() as number;
    const [, , group, session] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    assert.deepEqual([group, session], [String(pid), String(pid)]);
  });

  it('says KILLING and KILLED when it is killed, and leaves nothing behind', async () => {
    await start(['--grandchild', join(sandbox, 'grandchild')]);
    await agent.untilStatus('TASK_RUNNING');
    agent.kill('t1');
    await finish('TASK_KILLED');
    assert.deepEqual(states().slice(2), ['TASK_KILLING', 'TASK_KILLED']);
    await untilGone(Number(readFileSync(join(sandbox, 'grandchild'), 'utf8')));
  });

  it('stops a delivery when the task is killed before its service started', async () => {
    await start([], { service: 'undeliverable' });
    await agent.untilStatus('TASK_STARTING');
    agent.kill('t1');
    await finish('TASK_KILLED');
    assert.deepEqual(states(), ['TASK_STARTING', 'TASK_KILLING', 'TASK_KILLED']);
    assert.equal(servicePid(), undefined);
  });

  it('forces a service that ignores TERM after its grace period', async () => {
    await start(['--ignore-term'], { killGraceMs: 300 });
    await agent.untilStatus('TASK_RUNNING');
    agent.kill('t1');
    await finish('TASK_KILLED');
    assert.match(executor.output('stdout'), /ignores TERM/);
    assert.match(executor.output('stderr'), /did not end within its grace period/);
  });

  it('fails with exit code and last lines when the service dies', async () => {
    await start(['--print', 'out of luck', '--exit-after', '500', '--exit-code', '7']);
    const { message } = await finish('TASK_FAILED');
    assert.match(message ?? '', /exited with code 7 after .*Last lines:\n.*out of luck/s);
  });

  it('fails when the service is not ready in time, and says what the probe saw', async () => {
    const readiness = { ...fixtureSpec(port, []).readiness, deadlineMs: 400 };
    const argv = ['/bin/sh', '-c', 'echo still loading; /bin/sleep 60'];
    await start([], { readiness, command: { choices: [{ argv }] } });
    const { message } = await finish('TASK_FAILED');
    assert.match(message ?? '', new RegExp(`not ready after 400ms: connection to 127.0.0.1:${port} refused`));
    assert.match(message ?? '', /still loading/);
    assert.ok(!states().includes('TASK_RUNNING'));
  });

  it('ends the service when the agent sends SHUTDOWN', async () => {
    await start([]);
    await agent.untilStatus('TASK_RUNNING');
    agent.send({ type: 'SHUTDOWN' });
    await finish('TASK_KILLED');
  });

  it('takes SIGTERM as a shutdown', async () => {
    await start([]);
    await agent.untilStatus('TASK_RUNNING');
    executor.child.kill('SIGTERM');
    await finish('TASK_KILLED');
  });

  it('fails a second task and leaves the first alone', async () => {
    await start([]);
    await agent.untilStatus('TASK_RUNNING');
    agent.launch(toTask(fixtureSpec(port, []), 't2'));
    const refused = await agent.untilStatus('TASK_FAILED');
    assert.equal(refused.task_id.value, 't2');
    assert.match(refused.message ?? '', /takes no second one/);
    assert.ok(isAlive(servicePid() as number));
  });

  it('fails a task whose launch spec it cannot read', async () => {
    executor = startExecutor(sandbox, agentEnvironment(agent, sandbox));
    await agent.untilSubscribed();
    agent.launch({ ...toTask(fixtureSpec(port, [])), data: 'bm8=' });
    const { message } = await finish('TASK_FAILED');
    assert.match(message ?? '', /launch spec/);
  });

  it('leaves no process when it is killed with -9', async () => {
    await start(['--grandchild', join(sandbox, 'grandchild'), '--ignore-term'], { killGraceMs: 1000 });
    await agent.untilStatus('TASK_RUNNING');
    executor.child.kill('SIGKILL');
    await untilGone(servicePid());
    await untilGone(Number(readFileSync(join(sandbox, 'grandchild'), 'utf8')));
  });

  it('waits for the acknowledgement of the last update before it leaves', async () => {
    await start([]);
    await agent.untilStatus('TASK_RUNNING');
    agent.acknowledges = false;
    agent.kill('t1');
    const killed = await agent.untilStatus('TASK_KILLED');
    agent.send({ type: 'ACKNOWLEDGED', acknowledged: { task_id: { value: 't1' }, uuid: 'AAAA' } });
    await sleep(300);
    assert.equal(executor.child.exitCode, null);
    for (const { uuid = '' } of agent.statuses)
      agent.send({ type: 'ACKNOWLEDGED', acknowledged: { task_id: killed.task_id, uuid } });
    assert.equal(await executor.exit, 0);
  });

  it('keeps the service over a lost connection and tells what was not acknowledged', async () => {
    agent.acknowledges = false;
    await start([]);
    await agent.untilStatus('TASK_RUNNING');
    agent.acknowledges = true;
    agent.dropStream();
    await agent.untilSubscribed(2);
    const { subscribe } = agent.subscriptions[1] as (typeof agent.subscriptions)[number];
    assert.deepEqual(
      subscribe.unacknowledged_tasks.map(({ task_id }) => task_id.value),
      ['t1'],
    );
    assert.deepEqual(
      subscribe.unacknowledged_updates.map(({ status }) => status.state),
      ['TASK_STARTING', 'TASK_RUNNING'],
    );
    assert.ok(isAlive(servicePid() as number));
    agent.kill('t1');
    await finish('TASK_KILLED');
  });

  it('shows its token to nobody but the agent', async () => {
    await start(['--environment', join(sandbox, 'environment')]);
    await agent.untilStatus('TASK_RUNNING');
    assert.ok(agent.received.every(({ headers }) => headers.authorization === 'Bearer executor-token'));
    for (const name of ['stdout', 'stderr', 'environment'])
      assert.ok(!readFileSync(join(sandbox, name), 'utf8').includes('executor-token'), name);
  });
});
