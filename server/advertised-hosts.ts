/** Under which names and addresses this host is reached, where nobody says. */
import { hostname, type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

const ANY = new Set(['0.0.0.0', '::', '']);
const LOCAL = ['localhost', '127.0.0.1', '::1'];

/** IPv4 first, as most agents speak it; link-local addresses mean nothing elsewhere. */
export function selectAddress(interfaces: readonly NetworkInterfaceInfo[]): string | undefined {
  const outer = interfaces.filter(
    (address) => !address.internal && !/^(?:fe80:|169\.254\.)/i.test(address.address),
  );
  return (outer.find((address) => address.family === 'IPv4') ?? outer[0])?.address;
}

/**
 * An address rather than the host's name leads, since names often do not resolve on agents. Name and loopback follow, so
 * that the certificate holds for those who connect from this host.
 */
export function findAdvertisedHosts(bindHost: string): [string, ...string[]] {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const first = ANY.has(bindHost) ? (selectAddress(interfaces) ?? '127.0.0.1') : bindHost;
  return [first, ...new Set([hostname(), ...LOCAL].filter((host) => host !== first))];
}
