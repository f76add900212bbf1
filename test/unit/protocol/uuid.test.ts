import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { isUuid, parseUuid } from '../../../protocol/mesos/uuid.ts';

describe('UUID of a status update', () => {
  it('is what Mesos takes, for every random one', () => {
    for (let count = 0; count < 100; count += 1)
      assert.equal(isUuid(parseUuid(randomUUID()).toString('base64')), true);
  });

  it('has its bytes in the order of its text', () => {
    assert.equal(
      parseUuid('00112233-4455-4677-8899-aabbccddeeff').toString('hex'),
      '00112233445546778899aabbccddeeff',
    );
  });

  const refused = {
    'too short': Buffer.alloc(15, 0x44),
    'too long': Buffer.alloc(17, 0x44),
    'without a version': Buffer.alloc(16, 0x00),
    'of a version that Mesos does not know': Buffer.alloc(16, 0x77),
  };
  for (const [what, bytes] of Object.entries(refused))
    it(`is refused when it is ${what}`, () => assert.equal(isUuid(bytes.toString('base64')), false));
});
