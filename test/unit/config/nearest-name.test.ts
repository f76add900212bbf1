import assert from 'node:assert/strict';
import { countEdits, renderNames, selectNearestName } from '../../../config/nearest-name.ts';

describe('nearest name', () => {
  it('counts insertions, deletions, replacements and swaps', () => {
    assert.equal(countEdits('worker', 'worker'), 0);
    assert.equal(countEdits('wroker', 'worker'), 1);
    assert.equal(countEdits('woker', 'workers'), 2);
    assert.equal(countEdits('', 'abc'), 3);
  });

  it('is the candidate with the fewest edits', () => {
    assert.equal(selectNearestName('mesos.rol', ['mesos.user', 'mesos.role', 'mesos.rule']), 'mesos.role');
  });

  it('is nothing when no candidate is near', () => {
    assert.equal(selectNearestName('abcdef', ['uvwxyz']), undefined);
  });
});

describe('names for a message', () => {
  it('are all of a few and the first of many', () => {
    assert.equal(renderNames(['a', 'b']), 'a, b');
    const many = Array.from({ length: 25 }, (_, index) => `n${index}`);
    assert.match(renderNames(many), /^n0, .*n19 and 5 more$/);
  });
});
