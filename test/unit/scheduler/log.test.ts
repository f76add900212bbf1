import assert from 'node:assert/strict';
import { renderLogLine } from '../../../scheduler/log.ts';

describe('log line', () => {
  const at = new Date('2026-11-21T05:44:01.999Z');

  it('is one readable line', () => {
    assert.equal(
      renderLogLine(at, 'INFO', 'instance is ready', { instance: 'worker-0', port: 1, unset: undefined }),
      '2026-11-21 05:44:01 INFO  instance is ready instance=worker-0 port=1',
    );
  });

  it('quotes what would be read as something else', () => {
    const line = renderLogLine(at, 'WARN', 'a\nb', { message: 'x y', forged: 'a=b\nINFO c' });
    assert.equal(line, String.raw`2026-11-21 05:44:01 WARN  a\nb message="x y" forged="a=b\nINFO c"`);
  });
});
