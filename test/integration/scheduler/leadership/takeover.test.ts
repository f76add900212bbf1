import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseLaunchSpec } from '../../../../protocol/launch-spec.ts';
import type { TaskInfo } from '../../../../protocol/mesos/task.ts';
import { parseStateLocation } from '../../../../scheduler/state/state-location.ts';
import { makeComponent, makeSpec } from '../../../support/engine-world.ts';
import { eventually } from '../../../support/eventually.ts';
import { FakeMaster } from '../../../support/fake-master.ts';
import { type RunningScheduler, SchedulerBench } from '../../../support/scheduler-under-test.ts';
import {
  type ZooKeeperServer,
  startZooKeeper,
  zookeeperIsAvailable,
} from '../../../support/zookeeper-server.ts';

const service = makeSpec(makeComponent());

function readSpec(task: TaskInfo) {
  return parseLaunchSpec(task.data ?? '');
}

describe('schedulers that take turns', function () {
  this.timeout(60_000);
  let server: ZooKeeperServer;
  let master: FakeMaster;
  let benches: SchedulerBench[];
  let path: string;

  before(async function () {
    if (!(await zookeeperIsAvailable())) return this.skip();
    server = await startZooKeeper();
  });
  after(() => server?.close());
  beforeEach(async () => {
    master = await FakeMaster.start();
    benches = [];
    path = `/test-${randomBytes(4).toString('hex')}`;
  });
  afterEach(async () => {
    for (const bench of benches) await bench.close();
    await master.close();
  });

  /** Each on a host of its own, as far as directories go. */
  function start(): RunningScheduler {
    const bench = new SchedulerBench();
    benches.push(bench);
    const keyFile = join(bench.directory, 'key');
    writeFileSync(keyFile, Buffer.alloc(32, 5), { mode: 0o600 });
    const state = parseStateLocation({
      state: `zk://${server.address}${path}`,
      keyFile,
      sessionTimeoutMs: 2000,
    });
    return bench.start(bench.makeOptions(master.address, service, { state }));
  }

  const said = (scheduler: RunningScheduler, text: string) =>
    eventually(text, 20_000, () => scheduler.log.findLast((line) => line.includes(text)));

  /** Ends the session of the one that leads behind its back: of the lowest sequence. */
  async function expireLeader(): Promise<void> {
    const dump = await server.ask('dump');
    const candidates = dump.split(/^(?=0x)/m).flatMap((block) =>
      [...block.matchAll(/^\t(\S+)-(\d{10})$/gm)]
        .filter(([, node]) => node?.startsWith(path))
        .map(([, , sequence]) => ({
          sequence: Number(sequence),
          session: BigInt(block.split(':')[0] as string),
        })),
    );
    const leader = candidates.toSorted((a, b) => a.sequence - b.sequence)[0];
    await server.expireSession(leader?.session as bigint);
  }

  it('hand one framework on with its tasks, keys and certificates, there and back', async () => {
    const first = start();
    await master.untilCall('SUBSCRIBE');
    const second = start();
    await said(second, 'stands by');
    master.offer();
    const task = await master.untilLaunched();
    master.update(task, 'TASK_RUNNING');
    const { framework_id: framework } = await master.untilCall('ACKNOWLEDGE');

    await expireLeader();
    const { subscribe } = await master.untilCall('SUBSCRIBE', 2);
    await said(first, 'leads no longer');
    assert.deepEqual(subscribe.framework_info.id, framework);
    assert.equal(master.launched.length, 1, 'what runs is not launched again');
    master.update(task, 'TASK_FAILED');
    const next = await eventually('a relaunch', 10_000, () => (master.offer(), master.launched[1]));
    assert.deepEqual(readSpec(next).trust, readSpec(task).trust);

    await said(first, 'stands by');
    assert.equal(await second.stop(), 0, second.log.join(''));
    const again = await master.untilCall('SUBSCRIBE', 3);
    assert.deepEqual(again.subscribe.framework_info.id, framework);
    assert.equal(await first.stop(), 0);
    assert.equal(master.callsOf('TEARDOWN').length, 0);
  });
});
