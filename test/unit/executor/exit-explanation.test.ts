import assert from 'node:assert/strict';
import fc from 'fast-check';
import { explainExit, MAX_MESSAGE_BYTES, withLastLines } from '../../../executor/core/exit-explanation.ts';

describe('exit explanation', () => {
  it('tells an exit code from a signal of the same number', () => {
    const ended = { ranMs: 1500, lastLines: [] };
    assert.equal(explainExit({ ...ended, code: 143 }), 'The service exited with code 143 after 1.5s.');
    assert.equal(
      explainExit({ ...ended, signal: 'SIGTERM' }),
      'The service was ended by SIGTERM after 1.5s.',
    );
  });

  it('says what may be behind it', () => {
    assert.match(explainExit({ signal: 'SIGKILL', ranMs: 0, lastLines: [] }), /memory limit/);
    assert.match(explainExit({ code: 127, ranMs: 0, lastLines: [] }), /not found/);
    assert.equal(
      explainExit({ problem: 'spawn ENOENT', ranMs: 3, lastLines: [] }, 'before it was ready'),
      'The service could not be started: spawn ENOENT, before it was ready.',
    );
  });

  it('shows the last lines in their order', () => {
    const message = explainExit({ code: 1, ranMs: 10, lastLines: ['one', 'two'] });
    assert.equal(message, 'The service exited with code 1 after 10ms. Last lines:\none\ntwo');
  });

  it('drops the oldest lines first when there is no room', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `${index} ${'x'.repeat(80)}`);
    const message = withLastLines('Failed.', lines);
    assert.ok(message.endsWith(lines.at(-1) as string));
    assert.ok(!message.includes('\n0 '));
  });

  it('never exceeds the cap, whatever the text', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 3000 });
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 5 }), (message, lines) => {
        assert.ok(Buffer.byteLength(withLastLines(message, lines)) <= MAX_MESSAGE_BYTES);
      }),
      { numRuns: 50 },
    );
  });
});
