import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RankedOffers } from '../../../../../scheduler/core/offers/ranked-offers.ts';

const read = (ranked: RankedOffers): string[] => ranked.keys.flatMap((key) => [...ranked.at(key)]);

describe('ranked offers', () => {
  it('stay in order of their numbers while they come, move and go', () => {
    const changes = fc.array(
      fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), key: fc.option(fc.integer({ min: 0, max: 3 })) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(changes, (all) => {
        const ranked = new RankedOffers();
        const model = new Map<string, number>();
        for (const { id, key } of all) {
          assert.equal(ranked.remove(id), model.delete(id));
          if (key === null) continue;
          ranked.add(id, key);
          model.set(id, key);
        }
        const expected = [...model].toSorted(([, a], [, b]) => a - b).map(([id]) => id);
        assert.deepEqual(read(ranked), expected);
        assert.deepEqual(
          ranked.keys,
          [...new Set(model.values())].toSorted((a, b) => a - b),
        );
      }),
    );
  });
});
