/** Those who follow events: over breaks, restarts, and slowly. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAnswer } from '../../../../scheduler/api/client.ts';
import { EventLog, type LoggedEvent } from '../../../../scheduler/api/event-log.ts';
import { type ApiServer, openApiServer } from '../../../../scheduler/api/server.ts';
import type { SchedulerControl } from '../../../../scheduler/api/scheduler-control.ts';
import { EventReader } from '../../../../scheduler/commands/event-reader.ts';
import { SchedulerMetrics } from '../../../../scheduler/metrics/scheduler-metrics.ts';
import { eventually } from '../../../support/eventually.ts';

describe('followers of events', function () {
  this.timeout(20_000);
  let directory: string;
  let server: ApiServer;
  let events: EventLog;
  let lead = true;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'stevedore-events-'));
    events = new EventLog();
    lead = true;
    const role = () => {
      const control = { events, metrics: new SchedulerMetrics() } as unknown as SchedulerControl;
      return { control: lead ? control : undefined, leader: () => undefined, token: undefined };
    };
    server = await openApiServer({ stateDirectory: directory, role });
  });
  afterEach(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const tell = (text: string) => events.add({ kind: 'service', text, fields: {} }, Date.now());

  /** Follows until so many came, or the stream ended. */
  async function follow(count: number, lastId?: number): Promise<LoggedEvent[]> {
    const controller = new AbortController();
    const headers = lastId === undefined ? {} : { 'last-event-id': String(lastId) };
    const answer = await openAnswer(directory, ['GET', '/v1/events'], { signal: controller.signal, headers });
    const reader = new EventReader();
    const read: LoggedEvent[] = [];
    for await (const piece of answer as AsyncIterable<Buffer>) {
      read.push(...reader.read(piece).map(({ data }) => JSON.parse(data) as LoggedEvent));
      if (read.length >= count) break;
    }
    controller.abort();
    return read;
  }

  it('get what was before, then what comes, and nothing twice after a break', async () => {
    tell('a');
    const following = follow(2);
    await eventually('the follower', 5000, () => {
      tell('b');
      return true;
    });
    const first = await following;
    assert.deepEqual(
      first.slice(0, 2).map(({ text }) => text),
      ['a', 'b'],
    );
    tell('c');
    const second = await follow(1, first.at(-1)?.id);
    assert.deepEqual(
      second.map(({ text }) => text),
      ['c'],
    );
  });

  it('are given all of a scheduler that they did not know', async () => {
    tell('a');
    const [former] = await follow(1);
    events = new EventLog(Date.now() + 5);
    tell('b');
    assert.deepEqual(
      (await follow(1, former?.id)).map(({ text }) => text),
      ['b'],
    );
    for (const odd of [Number.NaN, -1, Number.MAX_SAFE_INTEGER, 1.5])
      assert.deepEqual(
        (await follow(1, odd)).map(({ text }) => text),
        ['b'],
        String(odd),
      );
  });

  it('are let go when the scheduler leads no longer, so that they find who does', async () => {
    tell('a');
    const following = follow(2);
    await eventually('the follower', 5000, async () => ((await follow(1)).length === 1 ? true : undefined));
    lead = false;
    events.end();
    assert.equal((await following).length, 1);
  });

  it('that read slowly cost no memory, and get every event that is kept', async () => {
    const large = 'x'.repeat(20_000);
    const socket = connect(join(directory, 'api.sock'));
    socket.pause();
    socket.write('GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n');
    await follow(0);
    const before = process.memoryUsage().rss;
    for (let round = 0; round < 20; round += 1) {
      for (let count = 0; count < 1000; count += 1) tell(large);
      await new Promise((resolve) => setImmediate(resolve));
    }
    tell('last');
    // 400 MB were told; the log shares one text.
    const grownMiB = (process.memoryUsage().rss - before) / (1 << 20);
    assert.ok(grownMiB < 100, `${grownMiB} MiB`);
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (piece: string) => {
      text = (text + piece).slice(-100_000);
    });
    socket.resume();
    await eventually('the last event', 10_000, () => (text.includes('"text":"last"') ? true : undefined));
    socket.destroy();
  });
});
