import assert from 'node:assert/strict';
import fc from 'fast-check';
import { JuteReader, JuteWriter } from '../../../../scheduler/zookeeper/jute.ts';

const fields = {
  int: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  bool: fc.boolean(),
  buffer: fc.uint8Array({ maxLength: 50 }),
  string: fc.string({ unit: 'grapheme', maxLength: 20 }),
  vector: fc.array(fc.string({ maxLength: 5 }), { maxLength: 5 }),
};
const values = fc.record(fields, { noNullPrototype: true });
type Values = typeof values extends fc.Arbitrary<infer Value> ? Value : never;

function write(written: Values): Buffer {
  const writer = new JuteWriter().int(written.int).long(written.long).bool(written.bool);
  writer.buffer(written.buffer).string(written.string);
  return writer.vector(written.vector, (item) => writer.string(item)).finish();
}

function read(bytes: Buffer): { values: Values; remaining: number } {
  const reader = new JuteReader(bytes);
  const [int, long, bool] = [reader.int(), reader.long(), reader.bool()];
  const [buffer, string] = [new Uint8Array(reader.buffer()), reader.string()];
  const vector = reader.vector(() => reader.string());
  return { values: { int, long, bool, buffer, string, vector }, remaining: reader.remaining };
}

describe('jute', () => {
  it('reads what it wrote, to the last byte', () => {
    fc.assert(
      fc.property(values, (written) =>
        assert.deepEqual(read(write(written)), { values: written, remaining: 0 }),
      ),
    );
  });

  it('refuses a record that is cut anywhere', () => {
    fc.assert(
      fc.property(values, fc.nat(), (written, at) => {
        const bytes = write(written);
        const cut = bytes.subarray(0, at % bytes.length);
        assert.throws(() => read(cut), { code: 'ERR_ZOOKEEPER_PROTOCOL' });
      }),
    );
  });

  it('writes big-endian', () => {
    const bytes = new JuteWriter().int(-2).long(0x1_0000_0002n).string('é').bool(true).finish();
    assert.equal(bytes.toString('hex'), 'fffffffe000000010000000200000002c3a901');
  });

  it('reads null as empty, and refuses other negative lengths', () => {
    const nothing = Buffer.from('ffffffff', 'hex');
    assert.equal(new JuteReader(nothing).buffer().length, 0);
    assert.deepEqual(
      new JuteReader(nothing).vector(() => 1),
      [],
    );
    assert.throws(() => new JuteReader(Buffer.from('fffffffe', 'hex')).buffer(), /a length of -2/);
  });
});
