import assert from 'node:assert/strict';
import { OutputTail } from '../../../executor/core/output-tail.ts';

function tailOf(...chunks: readonly string[]): readonly string[] {
  const tail = new OutputTail();
  for (const chunk of chunks) tail.push(chunk);
  return tail.lines;
}

describe('output tail', () => {
  it('joins lines over any cut, and shows a line without an end', () => {
    assert.deepEqual(tailOf('on', 'e\ntw', 'o\n', '\nthr'), ['one', 'two', 'thr']);
  });

  it('keeps only the newest lines, and of a line only its start', () => {
    const lines = tailOf(Array.from({ length: 500 }, (_, index) => `line ${index}`).join('\n'));
    assert.equal(lines.at(-1), 'line 499');
    assert.ok(lines.length <= 21);
    assert.equal(tailOf('x'.repeat(10_000))[0]?.length, 400);
  });

  it('leaves out colours and control characters', () => {
    assert.deepEqual(tailOf('\u001b[31mred\u001b[0m\r\na\u0007b\n'), ['red', 'a b']);
  });
});
