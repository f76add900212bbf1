import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RecordParser, renderRecord } from '../../../protocol/record-io.ts';

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
}

describe('RecordIO', () => {
  it('gives back what was framed, however the stream is cut', () => {
    const records = fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(records, fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 }), (texts, sizes) => {
        const parser = new RecordParser();
        const stream = Buffer.concat(texts.map((text) => renderRecord(text)));
        const parsed = cut(stream, sizes).flatMap((chunk) => parser.push(chunk));
        assert.deepEqual(
          parsed.map((record) => record.toString('utf8')),
          texts,
        );
        assert.equal(parser.idle, true);
      }),
    );
  });

  it('counts bytes, not characters', () => {
    assert.equal(renderRecord('schön ☃').toString('latin1').split('\n')[0], '10');
  });

  it('tolerates empty lines before a length', () => {
    const [record] = new RecordParser().push(Buffer.from('\n\r\n3\nabc'));
    assert.equal(record?.toString(), 'abc');
  });

  it('is not idle inside a length or a record', () => {
    const parser = new RecordParser();
    parser.push(Buffer.from('1'));
    assert.equal(parser.idle, false);
    parser.push(Buffer.from('0\nabc'));
    assert.equal(parser.idle, false);
  });

  for (const bad of ['x\n', '-1\n', '1e3\n', '999999999999999999999999', '200\n']) {
    it(`refuses ${JSON.stringify(bad)} as a length`, () => {
      assert.throws(() => new RecordParser(100).push(Buffer.from(bad)), { code: 'ERR_RECORD_LENGTH' });
    });
  }
});
