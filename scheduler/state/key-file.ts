/** The operator's key for protected records: 32 bytes, raw or written as hexadecimal or base64. */
import { readFileSync, statSync } from 'node:fs';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';

const KEY_BYTES = 32;

/** Undefined when the contents are no key. Pure. */
export function parseKey(contents: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(contents).toString('latin1').trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return Uint8Array.from(Buffer.from(text, 'hex'));
  if (/^[A-Za-z0-9+/]{43}=?$/.test(text)) return Uint8Array.from(Buffer.from(text, 'base64'));
  return contents.length === KEY_BYTES ? Uint8Array.from(contents) : undefined;
}

/** @throws StevedoreError ERR_STATE_KEY_FILE */
export function readKeyFile(path: string): Uint8Array {
  const refuse = (problem: string, cause?: unknown) =>
    new StevedoreError('ERR_STATE_KEY_FILE', { path, problem }, { cause });
  try {
    if ((statSync(path).mode & 0o077) !== 0) throw refuse('others than its owner may reach it');
    const key = parseKey(readFileSync(path));
    if (key === undefined) throw refuse('it does not hold 32 bytes');
    return key;
  } catch (error) {
    throw error instanceof StevedoreError ? error : refuse(messageOf(error), error);
  }
}
