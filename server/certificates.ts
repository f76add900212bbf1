/**
 * The CA and the leaf on disk. A key and its certificate lie in one file, so that no crash and no second process can leave
 * a pair that does not match; `ca.pem` beside them is the copy of the CA's certificate for clients.
 */
import { X509Certificate } from 'node:crypto';
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, StevedoreError } from '../protocol/errors.ts';
import { createFileAtomically, writeFileAtomically } from './atomic-file.ts';
import { isDue, isExpired, isNamedFor } from './certificate-check.ts';
import { issueAuthority, issueLeaf } from './certificate-issue.ts';
import { describeFileProblem } from './file-problem.ts';
import type { KeyAndCertificate } from './listener.ts';

export interface Certificates {
  readonly caPem: string;
  readonly caPath: string;
  readonly leaf: KeyAndCertificate;
  /** True when the leaf was made by this call. */
  readonly isNew: boolean;
}

export interface CertificateOptions {
  readonly directory: string;
  /** Names and addresses of the leaf. */
  readonly hosts: readonly string[];
  readonly now: number;
}

const BLOCK = (label: string) => new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`);

function parsePair(text: string, path: string): KeyAndCertificate {
  const key = BLOCK('PRIVATE KEY').exec(text)?.[0];
  const cert = BLOCK('CERTIFICATE').exec(text)?.[0];
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
  return { key: `${key}\n`, cert: `${cert}\n` };
}

function renderPair(pair: KeyAndCertificate): string {
  return `${pair.key}${pair.cert}`;
}

/** Undefined when there is none yet. @throws StevedoreError ERR_CERTIFICATE_FILE */
async function readPair(path: string): Promise<KeyAndCertificate | undefined> {
  try {
    return parsePair(await readFile(path, 'utf8'), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof StevedoreError) throw error;
    throw new StevedoreError(
      'ERR_CERTIFICATE_FILE',
      { path, problem: describeFileProblem(error) },
      { cause: error },
    );
  }
}

async function openAuthority(directory: string, now: number): Promise<KeyAndCertificate> {
  const path = join(directory, 'ca-with-key.pem');
  const present = await readPair(path);
  if (present !== undefined && !isExpired(new X509Certificate(present.cert), now)) return present;
  const made = renderPair(await issueAuthority(now));
  if (present !== undefined) await writeFileAtomically(path, made);
  else await createFileAtomically(path, made);
  return (await readPair(path)) as KeyAndCertificate;
}

function isUsable(
  leaf: KeyAndCertificate,
  authority: KeyAndCertificate,
  options: CertificateOptions,
): boolean {
  const certificate = new X509Certificate(leaf.cert);
  const isOurs = certificate.verify(new X509Certificate(authority.cert).publicKey);
  return isOurs && isNamedFor(certificate, options.hosts) && !isDue(certificate, options.now);
}

async function openLeaf(authority: KeyAndCertificate, options: CertificateOptions) {
  const path = join(options.directory, 'server-with-key.pem');
  const present = await readPair(path);
  if (present !== undefined && isUsable(present, authority, options)) return { leaf: present, isNew: false };
  const leaf = await issueLeaf(authority, [...new Set(options.hosts)], options.now);
  await writeFileAtomically(path, renderPair(leaf));
  return { leaf, isNew: true };
}

async function writeCaCopy(path: string, caPem: string): Promise<void> {
  const present = await readFile(path, 'utf8').catch(() => undefined);
  if (present !== caPem) await writeFileAtomically(path, caPem);
}

/** Closes the directory, unless an operator keeps other things in it, which others may have to reach. */
async function closeDirectory(directory: string): Promise<void> {
  const ours = /^(?:README\.md|\.gitignore|(?:ca|ca-with-key|server-with-key)\.pem.*)$/;
  if ((await readdir(directory)).every((name) => ours.test(name))) await chmod(directory, 0o700);
}

/**
 * Makes what is missing, expired, named for other hosts, or (the leaf) has a third of its life left. Directory 0700, files 0600.
 * @throws StevedoreError ERR_CERTIFICATE_FILE
 */
export async function openCertificates(options: CertificateOptions): Promise<Certificates> {
  const { directory, now } = options;
  const caPath = join(directory, 'ca.pem');
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await closeDirectory(directory);
    const authority = await openAuthority(directory, now);
    await writeCaCopy(caPath, authority.cert);
    return { caPem: authority.cert, caPath, ...(await openLeaf(authority, options)) };
  } catch (error) {
    if (error instanceof StevedoreError) throw error;
    const fields = { path: directory, problem: describeFileProblem(error) };
    throw new StevedoreError('ERR_CERTIFICATE_FILE', fields, { cause: error });
  }
}
