/** Masters that misbehave in a seeded order: whatever they do, one stream at a time is acted on, and the last word is a subscription. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { SchedulerCall } from '../../../../protocol/mesos/scheduler.ts';
import { FakeMaster } from '../../../support/fake-master.ts';
import { ConnectionBench, type RunningConnection } from './connection-under-test.ts';

const SUPPRESS: SchedulerCall = { type: 'SUPPRESS', framework_id: { value: 'M-0001' } };
const STEPS = 120;

/** mulberry32. */
function createChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('disorderly masters', function () {
  this.timeout(60_000);
  let bench: ConnectionBench;
  let masters: FakeMaster[];

  beforeEach(async () => {
    bench = new ConnectionBench();
    masters = [await FakeMaster.start(), await FakeMaster.start()];
  });
  afterEach(async () => {
    await bench.close();
    await Promise.all(masters.map((master) => master.close()));
  });

  function disturb(connection: RunningConnection, chance: () => number): void {
    const [one, other] = chance() < 0.5 ? masters : masters.toReversed();
    const [master, peer] = [one as FakeMaster, other as FakeMaster];
    const faults = [
      () => master.cut(),
      () => master.endStream(),
      () => master.changeStreamId(),
      () => connection.calls.send(SUPPRESS),
      () => void (master.redirect = `//${peer.address}/master/api/v1/scheduler`),
      () => void (master.redirect = `//${master.address}/x`),
      () => void (master.redirect = undefined),
      () => void master.refusals.push({ status: 503 }, { status: 404 }),
      () => void master.refusals.push({ status: 401 }, { status: 200, body: 'no stream' }),
      () => void master.callRefusals.push({ status: 403 }),
      () => void master.callRefusals.push({ status: 202, headers: { 'Content-Length': '3' } }),
      () => master.sendTogether([{ type: 'HEARTBEAT' }, { type: 'HEARTBEAT' }]),
    ];
    faults[Math.floor(chance() * faults.length)]?.();
  }

  for (const seed of [1, 2, 3])
    it(`are survived, seed ${seed}`, async () => {
      const chance = createChance(seed);
      const wrong: string[] = [];
      const list = masters.map(({ address }) => address).join(',');
      const connection = bench.start(list, {
        timing: { callTimeoutMs: 50, subscribeTimeoutMs: 500, backoffBaseMs: 1, backoffMaxMs: 4 },
        onEvent: (event, { opened, closed }) => {
          if (opened.length !== closed.length + 1) wrong.push(`${event.type} of no open stream`);
        },
      });
      await connection.untilSubscribed();
      for (let count = 0; count < STEPS; count += 1) {
        disturb(connection, chance);
        await delay(chance() * 10);
      }
      for (const master of masters) {
        master.redirect = undefined;
        master.refusals.length = 0;
        master.callRefusals.length = 0;
      }
      const heard = () => masters.reduce((sum, master) => sum + master.callsOf('SUPPRESS').length, 0);
      const before = heard();
      await connection.until('a call gets through', () => {
        connection.calls.send(SUPPRESS);
        return heard() > before;
      });
      assert.deepEqual(wrong, []);
      assert.ok(connection.opened.length > 3, `${connection.opened.length} subscriptions`);
      assert.ok(connection.opened.length - connection.closed.length <= 1);
    });
});
