/** Tokens of secret artifacts: one task, one digest, no clock. Whoever holds the state decides how long one is honoured. */
import { createHmac, timingSafeEqual } from 'node:crypto';

function digestToken(clusterKey: Uint8Array, taskId: string, sha256: string): Buffer {
  return createHmac('sha256', clusterKey).update(`${taskId}\0${sha256}`).digest();
}

/** base64url of HMAC-SHA256(cluster key, task id NUL digest). Neither part can hold a NUL, so no two pairs coincide. */
export function createTaskToken(clusterKey: Uint8Array, taskId: string, sha256: string): string {
  return digestToken(clusterKey, taskId, sha256).toString('base64url');
}

/** Takes the same time wherever the tokens differ. */
export function verifyTaskToken(
  clusterKey: Uint8Array,
  taskId: string,
  sha256: string,
  token: string,
): boolean {
  const expected = digestToken(clusterKey, taskId, sha256);
  const given = Buffer.from(token, 'base64url');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
