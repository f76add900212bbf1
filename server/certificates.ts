/**
 * The CA and the leaf. A key and its certificate lie in one file, so that no crash and no second process can leave a pair
 * that does not match; `ca.pem` beside them is the copy of the CA's certificate for clients.
 */
import { X509Certificate } from 'node:crypto';
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StevedoreError } from '../protocol/errors.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { type AuthorityStore, createAuthorityDirectory } from './authority-store.ts';
import { openAuthority, readPair, renderPair } from './certificate-authority.ts';
import { isDue, isNamedFor } from './certificate-check.ts';
import { issueLeaf } from './certificate-issue.ts';
import { describeFileProblem } from './file-problem.ts';
import type { KeyAndCertificate } from './listener.ts';

export interface Certificates {
  readonly caPem: string;
  readonly caPath: string;
  /** CAs before this one, the latest first. */
  readonly formerCaPems: readonly string[];
  readonly leaf: KeyAndCertificate;
  /** True when the leaf was made by this call. */
  readonly isNew: boolean;
}

export interface CertificateOptions {
  readonly directory: string;
  /** Where the CA is kept; default: the directory. */
  readonly authority?: AuthorityStore | undefined;
  /** Names and addresses of the leaf. */
  readonly hosts: readonly string[];
  readonly now: number;
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

async function readLeaf(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

async function openLeaf(authority: KeyAndCertificate, options: CertificateOptions) {
  const path = join(options.directory, 'server-with-key.pem');
  const present = await readPair(path, () => readLeaf(path));
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
  const ours = /^(?:README\.md|\.gitignore|(?:ca|ca-with-key|former-cas|server-with-key)\.pem.*)$/;
  if ((await readdir(directory)).every((name) => ours.test(name))) await chmod(directory, 0o700);
}

/**
 * Makes what is missing, expired, named for other hosts, or (the leaf) has a third of its life left. Directory 0700, files 0600.
 * @throws StevedoreError ERR_CERTIFICATE_FILE, and what the store of the CA throws
 */
export async function openCertificates(options: CertificateOptions): Promise<Certificates> {
  const { directory, now } = options;
  const caPath = join(directory, 'ca.pem');
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await closeDirectory(directory);
    const store = options.authority ?? createAuthorityDirectory(directory);
    const { pair, formerPems } = await openAuthority(store, now);
    await writeCaCopy(caPath, pair.cert);
    return { caPem: pair.cert, caPath, formerCaPems: formerPems, ...(await openLeaf(pair, options)) };
  } catch (error) {
    if (error instanceof StevedoreError) throw error;
    const fields = { path: directory, problem: describeFileProblem(error) };
    throw new StevedoreError('ERR_CERTIFICATE_FILE', fields, { cause: error });
  }
}
