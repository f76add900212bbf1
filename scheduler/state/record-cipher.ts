/**
 * Records that hold keys, encrypted with the operator's key file: AES-256-GCM, with the cluster and the record's name as
 * associated data, so that a sealed record opens under its own name only.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { StevedoreError } from '../../protocol/errors.ts';
import { isProtected } from './record-names.ts';
import type { RecordCodec } from './record-codec.ts';

/** No JSON and no PEM begins so. */
const MAGIC = Buffer.from('\0SEAL\x01\0\0', 'latin1');
const FINGERPRINT_BYTES = 8;
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = MAGIC.length + FINGERPRINT_BYTES;
const OVERHEAD_BYTES = HEADER_BYTES + NONCE_BYTES + TAG_BYTES;

export interface CipherParts {
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly cluster: string;
  /** 12 bytes that were never used before. */
  readonly nonce: () => Uint8Array;
}

export function isSealed(stored: Uint8Array): boolean {
  return stored.length >= OVERHEAD_BYTES && MAGIC.equals(stored.subarray(0, MAGIC.length));
}

/** Tells keys apart and says nothing about them. */
export function fingerprintOf(key: Uint8Array): string {
  const digest = createHash('sha256').update('stevedore state key\n').update(key).digest();
  return digest.subarray(0, FINGERPRINT_BYTES).toString('hex');
}

export class RecordCipher implements RecordCodec {
  readonly #parts: CipherParts;
  readonly #header: Buffer;

  constructor(parts: CipherParts) {
    this.#parts = parts;
    this.#header = Buffer.concat([MAGIC, Buffer.from(fingerprintOf(parts.key), 'hex')]);
  }

  /** Leaves records alone that hold no key. */
  encode(name: string, value: Uint8Array): Uint8Array {
    if (!isProtected(name)) return value;
    const nonce = this.#parts.nonce();
    const cipher = createCipheriv('aes-256-gcm', this.#parts.key, nonce).setAAD(this.#context(name));
    const text = Buffer.concat([cipher.update(value), cipher.final()]);
    return Buffer.concat([this.#header, nonce, text, cipher.getAuthTag()]);
  }

  /** @throws StevedoreError ERR_STATE_KEY_WRONG, ERR_STATE_NOT_SEALED */
  decode(name: string, stored: Uint8Array): Uint8Array {
    if (!isProtected(name)) return stored;
    if (!isSealed(stored)) throw new StevedoreError('ERR_STATE_NOT_SEALED', { record: name });
    const [found, own] = [stored.subarray(0, HEADER_BYTES), this.#header];
    if (!own.equals(found)) throw this.#wrongKey(name, found);
    try {
      return this.#open(name, stored.subarray(HEADER_BYTES));
    } catch (cause) {
      throw new StevedoreError(
        'ERR_STATE_DAMAGED',
        { record: name, problem: 'its seal does not fit' },
        { cause },
      );
    }
  }

  #open(name: string, body: Uint8Array): Uint8Array {
    const nonce = body.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#parts.key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(this.#context(name)).setAuthTag(body.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  }

  #context(name: string): Buffer {
    return Buffer.from(JSON.stringify([this.#parts.cluster, name]));
  }

  #wrongKey(record: string, header: Uint8Array): StevedoreError {
    const found = Buffer.from(header.subarray(MAGIC.length)).toString('hex');
    return new StevedoreError('ERR_STATE_KEY_WRONG', {
      record,
      found,
      given: fingerprintOf(this.#parts.key),
    });
  }
}

/** For a state without a key file: sealed records are refused rather than taken for what they are not. */
export const PLAIN_RECORDS: RecordCodec = {
  encode: (_name, value) => value,
  decode: (name, stored) => {
    if (isProtected(name) && isSealed(stored))
      throw new StevedoreError('ERR_STATE_KEY_MISSING', { record: name });
    return stored;
  },
};
