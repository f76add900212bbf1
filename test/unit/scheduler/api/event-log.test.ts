import assert from 'node:assert/strict';
import { EventLog } from '../../../../scheduler/api/event-log.ts';
import { renderEvent } from '../../../../scheduler/api/event-stream.ts';
import { EventReader } from '../../../../scheduler/commands/event-reader.ts';

function tell(log: EventLog, ...texts: string[]): void {
  for (const text of texts) log.add({ kind: 'service', text, fields: {} }, 1);
}

function textsAfter(log: EventLog, id: number): string[] {
  return log.listAfter(id).map(({ text }) => text);
}

describe('the log of events', () => {
  it('gives what came after an id', () => {
    const log = new EventLog(5);
    tell(log, 'a', 'b', 'c');
    const [first] = log.listAfter(0);
    assert.deepEqual(textsAfter(log, first?.id ?? 0), ['b', 'c']);
    assert.deepEqual(textsAfter(log, log.listAfter(0).at(-1)?.id ?? 0), []);
  });

  it('gives one who followed an earlier scheduler everything of this one', () => {
    const earlier = new EventLog(1_000);
    tell(earlier, 'a', 'b');
    const last = earlier.listAfter(0).at(-1)?.id ?? 0;
    const later = new EventLog(2_000);
    tell(later, 'c');
    assert.deepEqual(textsAfter(later, last), ['c']);
    const withSlowClock = new EventLog(500);
    tell(withSlowClock, 'd');
    assert.deepEqual(textsAfter(withSlowClock, last), ['d']);
  });

  it('keeps the last thousand', () => {
    const log = new EventLog(0);
    for (let count = 1; count <= 1001; count += 1) tell(log, String(count));
    assert.deepEqual([log.listAfter(0).length, log.listAfter(0)[0]?.text], [1000, '2']);
  });

  it('tells followers that there is something, and that nothing more will come', () => {
    const log = new EventLog(0);
    const heard: string[] = [];
    const unfollow = log.follow({ notice: () => heard.push('notice'), end: () => heard.push('end') });
    tell(log, 'a');
    log.end();
    unfollow();
    tell(log, 'b');
    assert.deepEqual(heard, ['notice', 'end']);
  });

  it('is read as it was rendered, in whatever pieces it comes', () => {
    const event = {
      id: 7,
      atMs: 1,
      kind: 'instance',
      text: 'wörker-0 is ready\n\nx',
      fields: { a: '→' },
    } as const;
    const bytes = Buffer.from(
      `: follows\n\n${renderEvent(event)}: still here\n\n${renderEvent({ ...event, id: 8 })}`,
    );
    for (const size of [1, 2, 3, 7, bytes.length]) {
      const reader = new EventReader();
      const read = [];
      for (let begin = 0; begin < bytes.length; begin += size)
        read.push(...reader.read(bytes.subarray(begin, begin + size)));
      assert.deepEqual(
        read.map(({ id }) => id),
        ['7', '8'],
      );
      assert.deepEqual(JSON.parse(read[0]?.data ?? ''), event);
    }
  });
});
