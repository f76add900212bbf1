/** A master that leads dies, another takes over with an empty registry; what a scheduler hears is held to a recording. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { startMaster } from '../../../local/master/server.ts';
import type { Offer } from '../../../protocol/mesos/framework.ts';
import type { TaskStatus } from '../../../protocol/mesos/task.ts';
import { readRecordings, recordsOf } from './golden-files.ts';
import { type LocalMesos, startLocalMesos, untilTrue } from './local-mesos.ts';
import { exchange } from './raw-http.ts';
import { TestScheduler } from './test-scheduler.ts';

const EXECUTOR = path.resolve(import.meta.dirname, 'contract/executor.mjs');

/** Without what is different in every run, and what only the recorded executor says. */
function comparable(status: TaskStatus): object {
  const { timestamp: _time, agent_id, executor_id, container_status, healthy: _healthy, ...rest } = status;
  const [hasAgent, hasExecutor] = [agent_id !== undefined, executor_id !== undefined];
  return { ...rest, hasAgent, hasExecutor, hasContainer: container_status !== undefined };
}

describe('a failover of masters', () => {
  let mesos: LocalMesos;
  let scheduler: TestScheduler;
  let back: TestScheduler | undefined;

  beforeEach(async () => {
    mesos = await startLocalMesos({ agent: { reconnectMs: 700 } });
    scheduler = new TestScheduler(mesos.master.port);
  });
  afterEach(async () => {
    scheduler.close();
    back?.close();
    await mesos.close();
  });

  async function launch(): Promise<string> {
    await scheduler.subscribe({ name: 'failover', user: 'root' });
    await scheduler.launch({
      name: 'mf1',
      executor: {
        executor_id: { value: 'exmf' },
        resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } }],
        command: { shell: false, value: process.execPath, arguments: ['node', EXECUTOR] },
      },
    });
    const { agent_id } = await scheduler.untilState('mf1', 'TASK_RUNNING');
    const agent = mesos.agent.agent;
    await untilTrue('the acknowledgement', () =>
      [...agent.frameworks.values()].every(({ updates }) =>
        [...updates.values()].every(({ pending }) => pending.length === 0),
      ),
    );
    return agent_id?.value ?? '';
  }

  it('tells of tasks first as unknown, then as running, in the recorded words', async function () {
    this.timeout(20_000);
    const agentId = await launch();
    const { port } = mesos.master;
    await mesos.master.close();
    mesos.master = await startMaster(mesos.masterOptions, port);
    back = new TestScheduler(port);
    await back.subscribe({ name: 'failover', user: 'root', id: { value: scheduler.frameworkId } });
    const explicit = [
      { task_id: { value: 'mf1' }, agent_id: { value: agentId } },
      { task_id: { value: 'mf1' } },
    ];
    await back.call('RECONCILE', { reconcile: { tasks: explicit } });
    await back.untilState('mf1', 'TASK_RUNNING');
    const [recording] = readRecordings('master-failover');
    const recorded = recordsOf(recording?.response ?? '')
      .map((record) => JSON.parse(record).update?.status as TaskStatus | undefined)
      .filter((status) => status !== undefined);
    assert.deepEqual(back.updates.map(comparable), recorded.slice(0, 3).map(comparable));
  });

  it('lets agents follow a master that does not lead to the one that does, and schedulers, too', async function () {
    this.timeout(20_000);
    const leader = `127.0.0.1:${mesos.master.port}`;
    const standby = await startLocalMesos({ master: { leader } });
    try {
      await untilTrue('both agents', () => mesos.master.master.agents.size === 2);
      const request = 'POST /api/v1/scheduler HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n';
      const answer = await exchange(standby.master.port, '127.0.0.1', request);
      assert.match(answer.head, new RegExp(`Location: //${leader}/master/api/v1/scheduler`));
    } finally {
      await standby.close();
    }
  });

  it('keeps reservations and volumes', async function () {
    this.timeout(20_000);
    await scheduler.subscribe({ name: 'failover' });
    await scheduler.until('an offer', () => scheduler.offers.length > 0);
    const disk = {
      name: 'disk',
      type: 'SCALAR',
      scalar: { value: 64 },
      reservations: [{ type: 'DYNAMIC', role: 'tests' }],
    };
    const volume = {
      ...disk,
      disk: { persistence: { id: 'v' }, volume: { mode: 'RW', container_path: 'd' } },
    };
    const operations = [
      { type: 'RESERVE', reserve: { resources: [disk] } },
      { type: 'CREATE', create: { volumes: [volume] } },
    ];
    const { id } = scheduler.offers.at(-1) as Offer;
    await scheduler.call('ACCEPT', { accept: { offer_ids: [id], operations } });
    const held = (): boolean =>
      mesos.agent.agent.resources.total.some(({ disk: made }) => made?.persistence?.id === 'v');
    await untilTrue('the volume', held);
    const { port } = mesos.master;
    await mesos.master.close();
    mesos.master = await startMaster(mesos.masterOptions, port);
    back = new TestScheduler(port);
    await back.subscribe({ name: 'failover', id: { value: scheduler.frameworkId } });
    await back.until('an offer', () => (back as TestScheduler).offers.length > 0);
    const offered = back.offers[0]?.resources?.find((resource) => resource.disk !== undefined);
    assert.deepEqual(offered?.disk, volume.disk);
  });
});
