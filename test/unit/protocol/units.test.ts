import assert from 'node:assert/strict';
import { parseByteSize, renderByteSize } from '../../../protocol/byte-size.ts';
import { parseDurationMs, renderDuration } from '../../../protocol/duration.ts';

describe('units', () => {
  const durations: Record<string, number> = {
    '500ms': 500,
    '30s': 30_000,
    '1sec': 1000,
    '1.5mins': 90_000,
    '15mins': 900_000,
    '2 hours': 7_200_000,
    '7d': 604_800_000,
    '250': 250,
  };
  for (const [text, ms] of Object.entries(durations)) {
    it(`reads ${text} as ${ms} ms`, () => assert.equal(parseDurationMs(text), ms));
  }
  const sizes: Record<string, number> = {
    '1024MB': 1024 ** 3,
    '4GiB': 4 * 1024 ** 3,
    '512m': 512 * 1024 ** 2,
    '0.5g': 512 * 1024 ** 2,
    '100': 100,
    '1TB': 1024 ** 4,
  };
  for (const [text, bytes] of Object.entries(sizes)) {
    it(`reads ${text} as ${bytes} bytes`, () => assert.equal(parseByteSize(text), bytes));
  }
  it('refuses what is neither, with the value in the text', () => {
    assert.throws(() => parseDurationMs('5 parsecs'), { code: 'ERR_DURATION_SYNTAX', message: /5 parsecs/ });
    assert.throws(() => parseByteSize('-1MB'), { code: 'ERR_BYTE_SIZE_SYNTAX', message: /-1MB/ });
  });
  it('writes both for people', () => {
    assert.equal(renderDuration(250_000), '4min 10s');
    assert.equal(renderByteSize(154_350_387), '147.2 MiB');
  });
});
