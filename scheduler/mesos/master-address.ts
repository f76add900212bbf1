/** Where a Mesos master listens: text, comparison, and the `Location` of a redirect. */
import { isIPv6 } from 'node:net';
import { StevedoreError } from '../../protocol/errors.ts';

export type MasterProtocol = 'http:' | 'https:';

export interface MasterAddress {
  readonly protocol: MasterProtocol;
  /** An IPv6 address without brackets. */
  readonly hostname: string;
  readonly port: number;
}

const ADDRESS = /^(?:(https?):\/\/)?(?:\[([^\]]*)\]|([\w.-]+)):(\d+)\/?$/i;

/** IPv6 in brackets. */
export function renderMasterAddress(address: MasterAddress): string {
  const host = address.hostname.includes(':') ? `[${address.hostname}]` : address.hostname;
  return `${host}:${address.port}`;
}

export function isSameMaster(one: MasterAddress, other: MasterAddress): boolean {
  return renderMasterAddress(one) === renderMasterAddress(other) && one.protocol === other.protocol;
}

/** For messages: whatever could be a password goes, up to the last '@'. */
export function hideCredentials(text: string): string {
  return text.replace(/^(\w+:\/\/)?.*@/s, '$1***@');
}

function describePort(text: string): string {
  const port = /:(\d+)\/?$/.exec(text)?.[1];
  if (port === undefined) return `'${text}' has no port`;
  const isPort = Number(port) >= 1 && Number(port) <= 65_535;
  return isPort ? `'${text}' has no valid host` : `the port ${port} is not between 1 and 65535`;
}

function describeProblem(text: string): string {
  const scheme = /^([\w+.-]+):\/\//.exec(text)?.[1];
  if (text === '') return 'an address is empty';
  if (text.includes('@')) return 'a user and a password do not belong in it';
  if (scheme !== undefined && !/^https?$/i.test(scheme)) return `the scheme '${scheme}' is none of a master`;
  const rest = text.replace(/^\w+:\/\//, '');
  if (/[^/]\/./.test(rest)) return `nothing may follow the port in '${text}'`;
  if (!rest.startsWith('[') && rest.split(':').length > 2) return `'${rest}' is IPv6 without brackets`;
  return describePort(text);
}

/**
 * Reads `host:port`, `[::1]:5050`, also after `http://` or `https://`.
 * @param fallback the protocol when the text names none.
 * @throws StevedoreError ERR_MASTER_SYNTAX
 */
export function parseMasterAddress(text: string, fallback: MasterProtocol = 'http:'): MasterAddress {
  const trimmed = text.trim();
  const [, scheme, ipv6, name, digits] = ADDRESS.exec(trimmed) ?? [];
  const port = Number(digits);
  const hostname = ipv6 ?? name;
  const isValid = port >= 1 && port <= 65_535 && (ipv6 === undefined || isIPv6(ipv6));
  if (hostname === undefined || !isValid)
    throw new StevedoreError('ERR_MASTER_SYNTAX', {
      value: hideCredentials(trimmed),
      problem: describeProblem(trimmed),
    });
  const protocol = scheme === undefined ? fallback : (`${scheme.toLowerCase()}:` as MasterProtocol);
  return { protocol, hostname, port };
}

/** `Location` of a redirect: `//host:port/master/api/v1/scheduler`, an absolute URL, or a bare `host:port`. */
export function parseRedirect(location: string, from: MasterAddress): MasterAddress | undefined {
  const absolute = /^[\w+.-]+:\/\//.test(location)
    ? location
    : `${from.protocol}//${location.replace(/^\/\//, '')}`;
  const url = URL.parse(absolute);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return { protocol: url.protocol, hostname: url.hostname.replace(/^\[|\]$/g, ''), port };
}
