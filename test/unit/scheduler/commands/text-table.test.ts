import assert from 'node:assert/strict';
import { renderTable, wrapText } from '../../../../scheduler/commands/text-table.ts';

const COLUMNS = [
  { heading: 'A' },
  { heading: 'B', isOptional: true },
  { heading: 'C' },
  { heading: 'D', isOptional: true },
];
const ROWS = [{ cells: ['aaaa', 'bbbb', 'cccc', 'dddd'] }];

function headOf(columns: number): string | undefined {
  return renderTable(COLUMNS, ROWS, { columns, colours: 'plain' })[0];
}

describe('a table of text', () => {
  it('leaves optional columns out from the right, as far as it must, and never others', () => {
    assert.equal(headOf(22), 'A     B     C     D');
    assert.equal(headOf(21), 'A     B     C');
    assert.equal(headOf(15), 'A     C');
    assert.equal(headOf(3), 'A     C');
  });

  it('has no blanks at the end of a line', () => {
    assert.deepEqual(
      renderTable([{ heading: 'HEADING' }], [{ cells: ['x'] }], { columns: 80, colours: 'plain' }),
      ['HEADING', 'x'],
    );
  });

  it('breaks sentences at spaces and leaves long words whole', () => {
    assert.deepEqual(wrapText('one two three', '  ', 9), ['  one two', '  three']);
    assert.deepEqual(wrapText('a-word-longer-than-that b', '', 5), ['a-word-longer-than-that', 'b']);
    assert.deepEqual(wrapText('one two three', '  ', Number.POSITIVE_INFINITY), ['  one two three']);
  });
});
