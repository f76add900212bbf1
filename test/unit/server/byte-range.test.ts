import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseByteRange } from '../../../server/byte-range.ts';

describe('byte range', () => {
  const part = (first: number, last: number) => ({ kind: 'part', first, last });
  const whole = { kind: 'whole' };
  const unsatisfiable = { kind: 'unsatisfiable' };
  const table: [string | undefined, object][] = [
    ['bytes=0-0', part(0, 0)],
    ['bytes=10-19', part(10, 19)],
    ['bytes=10-', part(10, 99)],
    ['bytes=-5', part(95, 99)],
    ['bytes=-500', part(0, 99)],
    ['bytes=90-500', part(90, 99)],
    ['Bytes= 0-9 ', part(0, 9)],
    ['bytes=100-', unsatisfiable],
    ['bytes=99999999999999999999999-', unsatisfiable],
    ['bytes=-0', unsatisfiable],
    [undefined, whole],
    ['bytes=5-4', whole],
    ['bytes=-', whole],
    ['bytes=0-1,4-5', whole],
    ['lines=0-1', whole],
    ['bytes=a-b', whole],
    ['bytes=0x1-2', whole],
  ];
  for (const [header, expected] of table) {
    it(`reads ${header} of 100 bytes as ${JSON.stringify(expected)}`, () =>
      assert.deepEqual(parseByteRange(header, 100), expected));
  }

  it('finds no byte in an empty artifact', () => {
    assert.deepEqual(parseByteRange('bytes=0-', 0), unsatisfiable);
    assert.deepEqual(parseByteRange('bytes=-1', 0), unsatisfiable);
  });

  it('never leaves the artifact', () => {
    const bound = fc.option(fc.nat(300), { nil: '' });
    fc.assert(
      fc.property(bound, bound, fc.nat(200), (from, to, size) => {
        const range = parseByteRange(`bytes=${from}-${to}`, size);
        if (range.kind !== 'part') return;
        assert.ok(range.first >= 0 && range.first <= range.last && range.last < size);
      }),
    );
  });
});
