/** Tokens of a service account: the one that logs in, and what the one that is given says of itself. */
import { sign } from 'node:crypto';

/** How long a login request may be on its way. */
const LOGIN_VALID_SECONDS = 300;

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** The JSON Web Token (RFC 7519, RS256) that logs in as `uid`. */
export function createLoginToken(uid: string, privateKey: string, nowMs: number): string {
  const exp = Math.floor(nowMs / 1000) + LOGIN_VALID_SECONDS;
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ uid, exp })}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

/** Undefined unless the text is a JSON object; the parser's own message would show what is in it. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** When a token runs out by its own words, unverified: that is the master's business. */
export function readExpiryMs(token: string): number | undefined {
  const payload = parseObject(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  return typeof payload?.exp === 'number' ? payload.exp * 1000 : undefined;
}
