/** Makes certificates: a CA that clients pin, and leaves under it. Keys are EC P-256, signatures SHA-256. */
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { KeyAndCertificate } from './listener.ts';

const DAY_MS = 86_400_000;
const CA_DAYS = 3653;
const LEAF_DAYS = 90;

/** A day back, for agents whose clocks are late. */
function validity(now: number, days: number): { notBeforeDate: Date; notAfterDate: Date } {
  return { notBeforeDate: new Date(now - DAY_MS), notAfterDate: new Date(now + days * DAY_MS) };
}

async function generate(commonName: string, options: object): Promise<KeyAndCertificate> {
  // Loaded when needed only: it takes longer than the rest of the server, and certificates last.
  const selfsigned = await import('selfsigned');
  const pair = await selfsigned.generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    curve: 'P-256',
    // The library's own default is SHA-1, which no TLS client accepts.
    algorithm: 'sha256',
    ...options,
  });
  return { key: `${pair.private.trimEnd()}\n`, cert: `${pair.cert.trimEnd()}\n` };
}

/** The name is unique, so that a client which trusts two CAs of ours never confuses them. */
export function issueAuthority(now: number): Promise<KeyAndCertificate> {
  return generate(`Stevedore CA ${randomBytes(4).toString('hex')}`, {
    ...validity(now, CA_DAYS),
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
}

function toAltName(host: string): { type: 2; value: string } | { type: 7; ip: string } {
  return isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host };
}

export function issueLeaf(
  authority: KeyAndCertificate,
  hosts: readonly string[],
  now: number,
): Promise<KeyAndCertificate> {
  return generate('Stevedore artifact server', {
    ...validity(now, LEAF_DAYS),
    ca: authority,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: hosts.map(toAltName) },
    ],
  });
}
