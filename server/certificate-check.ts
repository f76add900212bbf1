/** Whether a certificate still serves. Pure: the clock is handed in. */
import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** True when a third of its life or less is left. */
export function isDue(certificate: X509Certificate, now: number): boolean {
  const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  return to - now <= (to - from) / 3;
}

export function isExpired(certificate: X509Certificate, now: number): boolean {
  return Date.parse(certificate.validTo) <= now;
}

/** Whether it names exactly these hosts, in any order. */
export function isNamedFor(certificate: X509Certificate, hosts: readonly string[]): boolean {
  const named = (certificate.subjectAltName ?? '').split(', ').filter((name) => name !== '');
  const isCovered = (host: string) =>
    isIP(host) === 0
      ? certificate.checkHost(host, { wildcards: false, subject: 'never' }) !== undefined
      : certificate.checkIP(host) !== undefined;
  return named.length === new Set(hosts).size && hosts.every(isCovered);
}
