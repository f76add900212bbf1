/** Agents and masters that go and come back: executors run on, ids stay, updates are not lost. */
import assert from 'node:assert/strict';
import { startAgent } from '../../../local/agent/server.ts';
import { startMaster } from '../../../local/master/server.ts';
import { type Recording, readRecordings, withBody } from './golden-files.ts';
import { GoldenSession } from './golden-session.ts';
import { startGoldenServer } from './golden-server.ts';
import { type LocalMesos, startLocalMesos, untilTrue } from './local-mesos.ts';
import { TestScheduler } from './test-scheduler.ts';

const SLEEP = { value: 'sleep 600' };

describe('a restart', () => {
  let mesos: LocalMesos;
  let scheduler: TestScheduler;

  beforeEach(async () => {
    mesos = await startLocalMesos({ agent: { reregistrationTimeoutMs: 2500 } });
    scheduler = new TestScheduler(mesos.master.port);
  });
  afterEach(async () => {
    scheduler.close();
    await mesos.close();
  });

  const restartAgent = async (): Promise<void> => {
    await mesos.agent.close();
    mesos.agent = await startAgent(mesos.agentOptions, 0);
  };
  const processOf = (id: string) =>
    mesos.agent.agent.executors.find((executor) => executor.id === id)?.process;

  it('of an agent keeps its id, port and executors, and no update is sent', async function () {
    this.timeout(20_000);
    await scheduler.subscribe({ name: 'restart' });
    await scheduler.launch({ name: 'stays', command: SLEEP });
    await scheduler.untilState('stays', 'TASK_RUNNING');
    await scheduler.until(
      'nothing pending',
      () =>
        mesos.agent.agent.frameworks.get(scheduler.frameworkId)?.updates.get('stays')?.pending.length === 0,
    );
    const before = { id: mesos.agent.agent.id, port: mesos.agent.port, process: processOf('stays') };
    const updates = scheduler.updates.length;
    await restartAgent();
    await untilTrue('the registration', () => mesos.agent.agent.channel !== undefined, 10_000);
    await untilTrue('the executor', () => mesos.agent.agent.executors[0]?.state === 'RUNNING');
    assert.deepEqual(
      { id: mesos.agent.agent.id, port: mesos.agent.port, process: processOf('stays') },
      before,
    );
    assert.equal(scheduler.updates.length, updates);
    await scheduler.call('KILL', { kill: { task_id: { value: 'stays' } } });
    await scheduler.untilState('stays', 'TASK_KILLED');
  });

  it('of an agent tells of executors that died meanwhile, and sends again what nobody acknowledged', async function () {
    this.timeout(20_000);
    await scheduler.subscribe({ name: 'restart' });
    scheduler.acknowledges = false;
    await scheduler.launch({ name: 'dies', command: SLEEP });
    await untilTrue('the executor', () => mesos.agent.agent.executors[0]?.state === 'RUNNING');
    await scheduler.untilState('dies', 'TASK_STARTING');
    await untilTrue(
      'RUNNING',
      () =>
        (mesos.agent.agent.frameworks.get(scheduler.frameworkId)?.updates.get('dies')?.pending.length ??
          0) === 2,
    );
    const pid = processOf('dies')?.pid ?? 0;
    await mesos.agent.close();
    process.kill(pid, 'SIGKILL');
    mesos.agent = await startAgent(mesos.agentOptions, 0);
    await scheduler.until(
      'the repetition',
      () => scheduler.updates.filter(({ state }) => state === 'TASK_STARTING').length > 1,
      10_000,
    );
    scheduler.acknowledges = true;
    await scheduler.untilState('dies', 'TASK_RUNNING');
    const status = await scheduler.untilState('dies', 'TASK_FAILED');
    assert.equal(status.reason, 'REASON_EXECUTOR_TERMINATED');
  });

  it('of an agent ends executors that do not come back in time', async function () {
    this.timeout(20_000);
    const quick = await startLocalMesos({ agent: { reregistrationTimeoutMs: 100 } });
    const other = new TestScheduler(quick.master.port);
    try {
      await other.subscribe({ name: 'slow' });
      await other.launch({
        name: 'slow',
        executor: { type: 'CUSTOM', executor_id: { value: 'slow' }, command: SLEEP },
      });
      await untilTrue('the executor', () => quick.agent.agent.executors[0]?.process !== undefined);
      await quick.agent.close();
      quick.agent = await startAgent(quick.agentOptions, 0);
      const status = await other.untilState('slow', 'TASK_GONE');
      assert.equal(status.reason, 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT');
    } finally {
      other.close();
      await quick.close();
    }
  });

  it('of the master: agents, frameworks and tasks are known again', async function () {
    this.timeout(20_000);
    await scheduler.subscribe({ name: 'restart' });
    await scheduler.launch({ name: 'known', command: SLEEP });
    await scheduler.untilState('known', 'TASK_RUNNING');
    const { port } = mesos.master;
    await mesos.master.close();
    await scheduler.until('the end of the stream', () => scheduler.stream?.ended === true);
    mesos.master = await startMaster(mesos.masterOptions, port);
    await untilTrue('the agent', () => mesos.master.master.agents.size === 1);
    const back = new TestScheduler(port);
    try {
      await back.subscribe({ name: 'restart', id: { value: scheduler.frameworkId } });
      await back.call('RECONCILE', { reconcile: { tasks: [] } });
      const status = await back.untilState('known', 'TASK_RUNNING');
      assert.equal(status.reason, 'REASON_RECONCILIATION');
      await back.call('KILL', { kill: { task_id: { value: 'known' } } });
      await back.untilState('known', 'TASK_KILLED');
    } finally {
      back.close();
    }
  });

  it('of an agent is answered to the recorded executor exck as recorded', async function () {
    this.timeout(20_000);
    const files = await startGoldenServer();
    const session = new GoldenSession(mesos, files.port, '0025');
    try {
      const first = readRecordings('scheduler').find(
        ({ name }) => name === '001-subscribe-json',
      ) as Recording;
      const { id: _id, ...framework_info } = JSON.parse(session.executor('exck').recordedEvents[0] ?? '')
        .subscribed.framework_info;
      const body = JSON.stringify({ type: 'SUBSCRIBE', subscribe: { framework_info } });
      await session.subscribe({ ...first, request: withBody(first.request, body) });
      const recorded = JSON.parse(session.toOurs(session.executor('exck').recordedEvents[1] ?? '')).launch
        .task;
      await session.stream.until('an offer', () =>
        session.stream.records.some((record) => record.includes('"OFFERS"')),
      );
      scheduler.frameworkId = session.frameworkId;
      scheduler.stream = session.stream;
      await scheduler.launch(recorded);
      await session.executor('exck').untilStarted();
      await session.executor('exck').play((name) => name < '08');
      await session.executor('exck').untilEvent('"uuid":"YsLuju0cThOBekKp8Epy4w=="');
      await restartAgent();
      await session.executor('exck').play((name) => name === '08-subscribe');
      await scheduler.until('the registration', () => mesos.agent.agent.channel !== undefined);
      await scheduler.until(
        'the acknowledgements',
        () => mesos.agent.agent.frameworks.get(session.frameworkId)?.updates.get('ck1')?.pending.length === 0,
      );
      await scheduler.call('KILL', { kill: { task_id: { value: 'ck1' } } });
      await session.executor('exck').untilEvent('"type":"KILL"');
      await session.executor('exck').play((name) => name >= '09');
      await session.executor('exck').untilEvent('"uuid":"W/mQkmBZTCOSE5HKUlbLrw=="');
      await scheduler.call('TEARDOWN', {});
      await session.executor('exck').untilEvent('"type":"SHUTDOWN"');
      const { answers, records, recordedEvents } = session.executor('exck');
      for (const { name, expected, actual } of answers) assert.equal(actual, expected, name);
      assert.deepEqual(
        records.map((record) => session.toRecorded(record)),
        recordedEvents.map((record) => session.toRecorded(record)),
      );
    } finally {
      session.stream.close();
      await files.close();
    }
  });
});
