/** The bearer token of the API: the same for every scheduler of a cluster, since it comes from the cluster's key. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';

export function createAccessToken(clusterKey: Uint8Array): string {
  return createHmac('sha256', clusterKey).update('stevedore api').digest('base64url');
}

/** For commands on this host, and to be copied to others; mode 0600. */
export function writeAccessToken(stateDirectory: string, token: string): void {
  const path = join(stateDirectory, 'api-token');
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, `${token}\n`, { mode: 0o600 });
  renameSync(fresh, path);
}

/** @throws StevedoreError ERR_API_FILE */
export function readAccessFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new StevedoreError('ERR_API_FILE', { path, problem: messageOf(error) }, { cause: error });
  }
}

/** Digests are compared, so that neither content nor length shows in the time it takes. */
export function isAuthorized(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
