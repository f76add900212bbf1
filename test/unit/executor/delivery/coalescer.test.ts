import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Coalescer, PIECE_BYTES } from '../../../../executor/effects/delivery/coalescer.ts';

const numbered = (length: number) =>
  Buffer.from(Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) % 256));

async function pushAll(coalescer: Coalescer, chunks: readonly Buffer[]): Promise<void> {
  for (const chunk of chunks) await coalescer.push(chunk);
  await coalescer.flush();
}

describe('coalescer', () => {
  it('hands on every byte in order, in full pieces but the last, however the stream is cut', async () => {
    const source = numbered(3 * PIECE_BYTES + 12_345);
    const cuts = fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(cuts, fc.boolean(), async (lengths, slow) => {
        const pieces: Buffer[] = [];
        const coalescer = new Coalescer(async (piece) => {
          if (slow) await Promise.resolve();
          pieces.push(Buffer.from(piece));
        });
        const chunks: Buffer[] = [];
        for (let at = 0, turn = 0; at < source.length; turn += 1) {
          const length = lengths[turn % lengths.length] as number;
          chunks.push(source.subarray(at, at + length));
          at += length;
        }
        await pushAll(coalescer, chunks);
        assert.ok(Buffer.concat(pieces).equals(source));
        assert.deepEqual(
          pieces.slice(0, -1).map((piece) => piece.length),
          Array(3).fill(PIECE_BYTES),
        );
      }),
      { numRuns: 15 },
    );
  });

  it('takes no more than a few pieces while none is consumed, and goes on when one is', async () => {
    const waiting: (() => void)[] = [];
    const coalescer = new Coalescer(() => new Promise((resolve) => void waiting.push(resolve)));
    const piece = Buffer.alloc(PIECE_BYTES);
    const pushes: (Promise<void> | undefined)[] = [];
    for (let index = 0; index < 5; index += 1) pushes.push(coalescer.push(piece));
    assert.deepEqual(
      pushes.map((push) => push === undefined),
      [true, true, true, true, false],
    );
    assert.equal(waiting.length, 4);
    waiting[0]?.();
    await pushes[4];
    assert.equal(waiting.length, 5);
  });

  it('tells the next push what went wrong, and consumes nothing any more', async () => {
    let calls = 0;
    const coalescer = new Coalescer(async () => {
      calls += 1;
      throw new Error('no space');
    });
    assert.equal(coalescer.push(Buffer.alloc(PIECE_BYTES)), undefined);
    await coalescer.settle();
    await assert.rejects(async () => await coalescer.push(Buffer.alloc(PIECE_BYTES)), {
      message: 'no space',
    });
    await assert.rejects(coalescer.flush(), { message: 'no space' });
    assert.equal(calls, 1);
  });
});
