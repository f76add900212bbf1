/** The one text that says where the leading master is found, in all its forms. */
import { StevedoreError } from '../../protocol/errors.ts';
import {
  type ZooKeeperAddress,
  parseZooKeeperAddress,
  renderZooKeeperAddress,
} from '../zookeeper/zookeeper-address.ts';
import {
  type MasterAddress,
  type MasterProtocol,
  hideCredentials,
  parseMasterAddress,
  renderMasterAddress,
} from './master-address.ts';

export type MasterSpec =
  | { readonly kind: 'addresses'; readonly addresses: readonly MasterAddress[] }
  | { readonly kind: 'zookeeper'; readonly address: ZooKeeperAddress }
  | { readonly kind: 'file'; readonly path: string };

function refuse(text: string, problem: string): StevedoreError {
  return new StevedoreError('ERR_MASTER_SYNTAX', { value: hideCredentials(text), problem });
}

function parseFile(text: string): MasterSpec {
  const path = text.slice('file://'.length);
  if (path.startsWith('/') && path.length > 1) return { kind: 'file', path };
  throw refuse(text, 'the path of the file is not absolute (file:/// has three slashes)');
}

function parseList(text: string, protocol: MasterProtocol): MasterSpec {
  // Before it is cut at commas, which a password may have.
  if (text.includes('@')) throw refuse(text, 'a user and a password do not belong in it');
  const addresses = text.split(',').map((address) => parseMasterAddress(address, protocol));
  return { kind: 'addresses', addresses };
}

/**
 * `host:port`, several of them after commas, `zk://[user:password@]host:port,…/path`, or `file:///path`.
 * @param protocol of masters for which no scheme is written.
 * @throws StevedoreError ERR_MASTER_SYNTAX, ERR_ZOOKEEPER_SYNTAX; no password is in it.
 */
export function parseMasterSpec(text: string, protocol: MasterProtocol = 'http:'): MasterSpec {
  const trimmed = text.trim();
  if (/^zk:\/\//i.test(trimmed)) return { kind: 'zookeeper', address: parseZooKeeperAddress(trimmed) };
  if (/^file:/i.test(trimmed)) return parseFile(trimmed);
  return parseList(trimmed, protocol);
}

/** For people: without a password. */
export function renderMasterSpec(spec: MasterSpec): string {
  if (spec.kind === 'zookeeper') return renderZooKeeperAddress(spec.address);
  if (spec.kind === 'file') return `file://${spec.path}`;
  return spec.addresses.map(renderMasterAddress).join(',');
}
