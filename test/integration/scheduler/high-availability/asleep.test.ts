import assert from 'node:assert/strict';
import { StevedoreError } from '../../../../protocol/errors.ts';
import type { Term } from '../../../../scheduler/leadership/leadership.ts';
import { runWithLeadership } from '../../../../scheduler/leadership/run-with-leadership.ts';
import { parseStateLocation } from '../../../../scheduler/state/state-location.ts';
import { SILENT_LOG } from '../../../support/zookeeper-leader.ts';
import {
  type ZooKeeperServer,
  startZooKeeper,
  zookeeperIsAvailable,
} from '../../../support/zookeeper-server.ts';

const SESSION_MS = 1000;

/** As SIGSTOP: no timer and no socket is looked at meanwhile. */
function sleepDeeply(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('a leader that hears first from Mesos that another one took over', function () {
  this.timeout(60_000);
  let server: ZooKeeperServer;

  before(async function () {
    if (!(await zookeeperIsAvailable())) return this.skip();
    server = await startZooKeeper();
  });
  after(() => server?.close());

  const run = (term: (term: Term) => Promise<number>) => {
    const state = `zk://${server.address}/asleep`;
    const location = parseStateLocation({ state, unprotected: true, sessionTimeoutMs: SESSION_MS });
    const options = { location, cluster: 'c', apiUrl: '', host: 'h' };
    return runWithLeadership(options, { log: SILENT_LOG, signal: AbortSignal.timeout(30_000) }, term);
  };
  const failedOver = () => new StevedoreError('ERR_FRAMEWORK_FAILED_OVER', { frameworkId: 'f' });

  it('stands by when it was asleep for longer than its session, and leads in its turn', async () => {
    let terms = 0;
    const status = await run(async () => {
      terms += 1;
      if (terms > 1) return 7;
      sleepDeeply(3 * SESSION_MS);
      throw failedOver();
    });
    assert.deepEqual({ status, terms }, { status: 7, terms: 2 });
  });

  it('ends when it leads beyond doubt: somebody else runs the framework without this state', async () => {
    const ended = run(async () => {
      throw failedOver();
    });
    await assert.rejects(ended, { code: 'ERR_FRAMEWORK_FAILED_OVER' });
  });
});
