/** Where the leading master is. Only a fixed `host:port` now; ZooKeeper comes behind the same interface. */
import { StevedoreError } from '../../protocol/errors.ts';

export interface MasterAddress {
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  readonly port: number;
}

export interface MasterDetector {
  /** Asked before each connection. */
  detect(signal: AbortSignal): Promise<MasterAddress>;
}

/** IPv6 in brackets. */
export function renderMasterAddress(address: MasterAddress): string {
  const host = address.hostname.includes(':') ? `[${address.hostname}]` : address.hostname;
  return `${host}:${address.port}`;
}

/** Reads `host:port`, `[::1]:5050`, also after `http://` or `https://`. @throws StevedoreError ERR_MASTER_SYNTAX */
export function parseMasterAddress(text: string): MasterAddress {
  const match = /^(?:(https?:)\/\/)?(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+)):(\d{1,5})\/?$/.exec(text.trim());
  const port = Number(match?.[4]);
  if (match === null || port < 1 || port > 65_535)
    throw new StevedoreError('ERR_MASTER_SYNTAX', { value: text });
  const protocol = match[1] === 'https:' ? 'https:' : 'http:';
  return { protocol, hostname: (match[2] ?? match[3]) as string, port };
}

export function createFixedDetector(master: string): MasterDetector {
  const address = parseMasterAddress(master);
  return { detect: () => Promise.resolve(address) };
}

/** `Location` of a 307: `//host:port/master/api/v1/scheduler` or a bare `host:port`. */
export function parseRedirect(location: string, from: MasterAddress): MasterAddress | undefined {
  const absolute = /^[\w+.-]+:\/\//.test(location)
    ? location
    : `${from.protocol}//${location.replace(/^\/\//, '')}`;
  const url = URL.parse(absolute);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return { protocol: url.protocol, hostname: url.hostname.replace(/^\[|\]$/g, ''), port };
}
