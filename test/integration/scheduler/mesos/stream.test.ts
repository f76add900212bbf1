import assert from 'node:assert/strict';
import type { SchedulerCall, SchedulerEvent } from '../../../../protocol/mesos/scheduler.ts';
import { FakeMaster } from '../../../support/fake-master.ts';
import { ConnectionBench } from './connection-under-test.ts';

const framework_id = { value: 'M-0001' };
const SUPPRESS: SchedulerCall = { type: 'SUPPRESS', framework_id };
const UPDATE: SchedulerCall = {
  type: 'UPDATE_FRAMEWORK',
  framework_id,
  update_framework: { framework_info: { user: 'root', name: 'test', id: framework_id } },
};
const rescind = (value: string): SchedulerEvent => ({ type: 'RESCIND', rescind: { offer_id: { value } } });

describe('holding the stream', function () {
  this.timeout(20_000);
  let bench: ConnectionBench;
  let master: FakeMaster;

  beforeEach(async () => {
    bench = new ConnectionBench();
    master = await FakeMaster.start();
  });
  afterEach(async () => {
    await bench.close();
    await master.close();
  });

  it('takes silence for a lost connection, after five heartbeats', async () => {
    master.heartbeatSeconds = 0.05;
    const connection = bench.start(master.address);
    await connection.untilSubscribed(2);
    assert.match(connection.closed[0] ?? '', /no heartbeat within/);
  });

  it('notices a terminal chunk without an end of file', async () => {
    const connection = bench.start(master.address);
    await connection.untilSubscribed();
    master.endStream();
    await connection.untilSubscribed(2);
    assert.equal(connection.closed[0], 'the master ended the stream');
  });

  it('notices an end of file without a terminal chunk', async () => {
    const connection = bench.start(master.address);
    await connection.untilSubscribed();
    master.cut();
    await connection.untilSubscribed(2);
    assert.match(connection.closed[0] ?? '', /aborted|ECONNRESET/);
  });

  it('subscribes again when a call shows that the stream is stale', async () => {
    const connection = bench.start(master.address);
    await connection.untilSubscribed();
    master.changeStreamId();
    connection.calls.send(SUPPRESS);
    await connection.untilSubscribed(2);
    assert.equal(connection.logged('does not hold this subscription any more'), 1);
    assert.match(connection.closed[0] ?? '', /SUPPRESS was refused: 400/);
    connection.calls.send(SUPPRESS);
    await master.untilCall('SUPPRESS');
  });

  it('subscribes again after a 403, and after a call without an answer', async () => {
    const connection = bench.start(master.address, { timing: { callTimeoutMs: 100 } });
    await connection.untilSubscribed();
    master.callRefusals.push({ status: 403, body: 'Framework is not subscribed' });
    connection.calls.send(SUPPRESS);
    await connection.untilSubscribed(2);
    master.callRefusals.push({ status: 202, headers: { 'Content-Length': '10' } });
    connection.calls.send(SUPPRESS);
    await connection.untilSubscribed(3);
    assert.match(connection.closed[1] ?? '', /SUPPRESS was lost: .*within 0.1 s/);
  });

  it('a refused UPDATE_FRAMEWORK costs no subscription, and 200 is no refusal', async () => {
    const connection = bench.start(master.address);
    await connection.untilSubscribed();
    master.callRefusals.push({ status: 501 });
    connection.calls.send(UPDATE);
    connection.calls.send(UPDATE);
    connection.calls.send(SUPPRESS);
    await master.untilCall('SUPPRESS');
    assert.equal(connection.logged('refused a call'), 1);
    assert.deepEqual([master.callsOf('UPDATE_FRAMEWORK').length, connection.opened.length], [1, 1]);
  });

  it('tells nothing of a stream that is closed, not even what came in the same chunk', async () => {
    const connection = bench.start(master.address, {
      onEvent: (event, running) => {
        if (event.type !== 'RESCIND' || event.rescind.offer_id.value !== 'first') return;
        void running.stop();
      },
    });
    await connection.untilSubscribed();
    master.sendTogether([rescind('first'), rescind('second')]);
    await connection.ended;
    const rescinded = connection.events.filter(({ type }) => type === 'RESCIND');
    assert.deepEqual(rescinded, [rescind('first')]);
  });

  it('drops calls that were made under a stream before', async () => {
    const connection = bench.start(master.address);
    await connection.untilSubscribed();
    master.callRefusals.push({ status: 403 });
    connection.calls.send(SUPPRESS);
    connection.calls.send({ type: 'REVIVE', framework_id });
    await connection.untilSubscribed(2);
    connection.calls.send(SUPPRESS);
    await master.untilCall('SUPPRESS');
    assert.equal(master.callsOf('REVIVE').length, 0);
  });

  it('waits longer each time while subscriptions do not hold, and begins anew after one that did', async () => {
    const startedAtMs = performance.now();
    const unstable = bench.start(master.address, {
      timing: { backoffBaseMs: 100, backoffMaxMs: 10_000 },
      onEvent: (event) => void (event.type === 'HEARTBEAT' && master.cut()),
    });
    await unstable.untilSubscribed(4);
    // 75 + 150 + 300 ms with this chance.
    assert.ok(performance.now() - startedAtMs >= 500);
    await unstable.stop();
    const stable = bench.start(master.address, {
      timing: { backoffBaseMs: 100, backoffMaxMs: 60_000, stableMs: 0 },
      onEvent: (event) => void (event.type === 'HEARTBEAT' && master.cut()),
    });
    await stable.untilSubscribed(12);
  });
});
