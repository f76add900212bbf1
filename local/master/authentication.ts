/** HTTP Basic as Mesos' built-in authenticator reads it: exactly one colon, the scheme's name as it stands. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StevedoreError } from '../../protocol/errors.ts';

export type Credentials = ReadonlyMap<string, string>;

/**
 * Lines of `principal secret`.
 * @throws StevedoreError ERR_LOCAL_CREDENTIALS
 */
export function readCredentials(file: string): Credentials {
  const lines = readFileSync(file, 'utf8').split('\n');
  const pairs = lines.flatMap((line, index): [string, string][] => {
    if (line.trim() === '') return [];
    const [principal, secret, ...rest] = line.trim().split(/\s+/);
    if (principal === undefined || secret === undefined || rest.length > 0)
      throw new StevedoreError('ERR_LOCAL_CREDENTIALS', { line: index + 1, file });
    return [[principal, secret]];
  });
  return new Map(pairs);
}

function isEqual(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** The principal that a header proves to be, if any. */
export function authenticate(credentials: Credentials, header: string | undefined): string | undefined {
  const [scheme, encoded, ...rest] = (header ?? '').split(' ');
  if (scheme !== 'Basic' || encoded === undefined || rest.length > 0) return undefined;
  const [principal, secret, ...more] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  if (principal === undefined || secret === undefined || more.length > 0) return undefined;
  const expected = credentials.get(principal);
  return expected !== undefined && isEqual(secret, expected) ? principal : undefined;
}
