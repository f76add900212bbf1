/** The CA that clients pin, made on first use. One that has expired is replaced, and kept among the former ones. */
import { X509Certificate } from 'node:crypto';
import { messageOf, StevedoreError } from '../protocol/errors.ts';
import type { AuthorityStore } from './authority-store.ts';
import { isExpired } from './certificate-check.ts';
import { issueAuthority } from './certificate-issue.ts';
import { describeFileProblem } from './file-problem.ts';
import type { KeyAndCertificate } from './listener.ts';

const BLOCK = (label: string) => new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`, 'g');

function findBlocks(label: string, text: string): string[] {
  return [...text.matchAll(BLOCK(label))].map(([block]) => `${block}\n`);
}

function parsePair(text: string, path: string): KeyAndCertificate {
  const [key] = findBlocks('PRIVATE KEY', text);
  const [cert] = findBlocks('CERTIFICATE', text);
  if (key === undefined || cert === undefined) {
    throw new StevedoreError('ERR_CERTIFICATE_FILE', {
      path,
      problem: 'a key or a certificate is missing in it',
    });
  }
  try {
    new X509Certificate(cert);
  } catch (cause) {
    throw new StevedoreError('ERR_CERTIFICATE_FILE', { path, problem: messageOf(cause) }, { cause });
  }
  return { key, cert };
}

export function renderPair(pair: KeyAndCertificate): string {
  return `${pair.key}${pair.cert}`;
}

/** Undefined when there is none yet. @throws StevedoreError ERR_CERTIFICATE_FILE */
export async function readPair(
  path: string,
  read: () => Promise<string | undefined>,
): Promise<KeyAndCertificate | undefined> {
  try {
    const text = await read();
    return text === undefined ? undefined : parsePair(text, path);
  } catch (error) {
    if (error instanceof StevedoreError) throw error;
    throw new StevedoreError(
      'ERR_CERTIFICATE_FILE',
      { path, problem: describeFileProblem(error) },
      { cause: error },
    );
  }
}

export interface Authority {
  readonly pair: KeyAndCertificate;
  /** Certificates of CAs that were before it, the latest first. */
  readonly formerPems: readonly string[];
}

const PAIR = 'ca-with-key.pem';
const FORMER = 'former-cas.pem';

/** @throws StevedoreError ERR_CERTIFICATE_FILE, and what the store throws */
export async function openAuthority(store: AuthorityStore, now: number): Promise<Authority> {
  const read = () => readPair(store.describe(PAIR), () => store.read(PAIR));
  const present = await read();
  const formerPems = findBlocks('CERTIFICATE', (await store.read(FORMER)) ?? '');
  if (present !== undefined && !isExpired(new X509Certificate(present.cert), now))
    return { pair: present, formerPems };
  const made = renderPair(await issueAuthority(now));
  if (present === undefined) await store.create(PAIR, made);
  else {
    formerPems.unshift(present.cert);
    await store.replace(FORMER, formerPems.join(''));
    await store.replace(PAIR, made);
  }
  return { pair: (await read()) as KeyAndCertificate, formerPems };
}
