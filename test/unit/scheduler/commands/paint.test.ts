import assert from 'node:assert/strict';
import { paint, selectColours, toPlainText } from '../../../../scheduler/commands/paint.ts';

describe('colours', () => {
  it('are for terminals, unless NO_COLOR is set to something', () => {
    assert.equal(selectColours(true, { TERM: 'xterm' }), 'colours');
    assert.equal(selectColours(true, { TERM: 'xterm', NO_COLOR: '' }), 'colours');
    assert.equal(selectColours(true, { TERM: 'xterm', NO_COLOR: '0' }), 'plain');
    assert.equal(selectColours(true, { TERM: 'dumb' }), 'plain');
    assert.equal(selectColours(false, { TERM: 'xterm' }), 'plain');
  });

  it('surround a text and leave it as it is otherwise', () => {
    assert.equal(paint('ready', 32, 'colours'), '\u001b[32mready\u001b[0m');
    assert.equal(paint('ready', 32, 'plain'), 'ready');
  });

  it('of others are taken away, with whatever moves the cursor', () => {
    assert.equal(toPlainText('a\u001b[31mb\u001b[0m\u001b]0;title\u0007c\rd\u0008\u009b'), 'abcd');
    assert.equal(toPlainText('tab\tline\n→ ü'), 'tab\tline\n→ ü');
  });
});
