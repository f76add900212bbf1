import assert from 'node:assert/strict';
import { TroubleLog } from '../../../../scheduler/mesos/trouble-log.ts';

describe('trouble with the master', () => {
  function record(reminderMs: number) {
    const lines: string[] = [];
    const tell = (fields: object, text: string) => void lines.push(`${text} ${JSON.stringify(fields)}`);
    return { lines, trouble: new TroubleLog({ info: tell, warn: tell, error: tell }, reminderMs) };
  }

  it('is told once, another trouble at once, and the same again after all was well', () => {
    const { lines, trouble } = record(60_000);
    for (let count = 0; count < 3; count += 1) trouble.warn({ master: 'a' }, 'gone');
    trouble.info({ master: 'b' }, 'moved');
    trouble.warn({ master: 'a' }, 'gone');
    assert.deepEqual(lines, ['gone {"master":"a"}', 'moved {"master":"b"}']);
    trouble.clear();
    trouble.warn({ master: 'a' }, 'gone');
    assert.equal(lines.length, 3);
  });

  it('is told again with the number of attempts when it lasts', () => {
    const { lines, trouble } = record(0);
    trouble.warn({}, 'gone');
    trouble.warn({}, 'gone');
    assert.deepEqual(lines, ['gone {}', 'gone {"attempts":2}']);
  });
});
