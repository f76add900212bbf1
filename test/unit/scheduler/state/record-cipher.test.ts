import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { parseKey } from '../../../../scheduler/state/key-file.ts';
import {
  PLAIN_RECORDS,
  RecordCipher,
  fingerprintOf,
  isSealed,
} from '../../../../scheduler/state/record-cipher.ts';

const NAME = 'keys/cluster';
const KEY = Buffer.alloc(32, 7);

function makeCipher(key: Uint8Array = KEY, cluster = 'c1'): RecordCipher {
  return new RecordCipher({ key, cluster, nonce: () => randomBytes(12) });
}

describe('record cipher', () => {
  const plain = Buffer.from('the cluster key');
  const sealed = makeCipher().encode(NAME, plain);

  it('gives back what it sealed, whatever that is', () => {
    const cipher = makeCipher();
    fc.assert(
      fc.property(fc.uint8Array(), (value) => {
        assert.deepEqual([...cipher.decode(NAME, cipher.encode(NAME, value))], [...value]);
      }),
    );
  });

  it('hides the value and differs each time', () => {
    assert.ok(isSealed(sealed));
    assert.ok(!Buffer.from(sealed).includes('cluster key'));
    assert.notDeepEqual(makeCipher().encode(NAME, plain), sealed);
  });

  it('leaves records alone that hold no key', () => {
    assert.equal(makeCipher().encode('instances/a', plain), plain);
    assert.equal(makeCipher().decode('instances/a', plain), plain);
  });

  it('opens under its own name and in its own cluster only', () => {
    assert.throws(() => makeCipher().decode('keys/other', sealed), { code: 'ERR_STATE_DAMAGED' });
    assert.throws(() => makeCipher(KEY, 'c2').decode(NAME, sealed), { code: 'ERR_STATE_DAMAGED' });
  });

  it('is found damaged wherever a bit is turned', () => {
    for (let at = 8; at < sealed.length; at += 1) {
      const turned = Buffer.from(sealed);
      turned[at] = (turned[at] as number) ^ 1;
      assert.throws(() => makeCipher().decode(NAME, turned), { code: /ERR_STATE_(DAMAGED|KEY_WRONG)/ });
    }
    assert.throws(() => makeCipher().decode(NAME, sealed.subarray(0, -1)), { code: 'ERR_STATE_DAMAGED' });
  });

  it('names both keys when it is the wrong one, and shows neither', () => {
    const other = Buffer.alloc(32, 8);
    assert.throws(() => makeCipher(other).decode(NAME, sealed), {
      code: 'ERR_STATE_KEY_WRONG',
      message: new RegExp(`${fingerprintOf(KEY)}.*${fingerprintOf(other)}`),
    });
    assert.ok(!KEY.toString('hex').includes(fingerprintOf(KEY)));
  });

  it('refuses what is not sealed, and without a key what is', () => {
    assert.throws(() => makeCipher().decode(NAME, plain), { code: 'ERR_STATE_NOT_SEALED' });
    assert.throws(() => PLAIN_RECORDS.decode(NAME, sealed), { code: 'ERR_STATE_KEY_MISSING' });
    assert.equal(PLAIN_RECORDS.decode(NAME, plain), plain);
  });
});

describe('key file', () => {
  it('holds 32 bytes, raw, as hexadecimal or as base64, with or without an end of line', () => {
    const key = randomBytes(32);
    const forms = [key.toString('hex'), key.toString('hex').toUpperCase(), key.toString('base64')];
    for (const form of [...forms, key.toString('base64').replace(/=$/, '')])
      for (const end of ['', '\n', '\r\n'])
        assert.deepEqual(parseKey(Buffer.from(form + end)), Uint8Array.from(key));
    assert.deepEqual(parseKey(key), Uint8Array.from(key));
  });

  it('holds nothing else', () => {
    for (const size of [0, 16, 31, 33, 64]) assert.equal(parseKey(randomBytes(size)), undefined);
    assert.equal(parseKey(Buffer.from('password\n')), undefined);
    assert.equal(parseKey(Buffer.from('a'.repeat(63))), undefined);
  });
});
