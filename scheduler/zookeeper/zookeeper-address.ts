/**
 * `zk://[user:password@]h1:2181,h2:2181/path`, as Mesos reads it: the path begins at the first `/` after the scheme, the
 * credentials end at the last `@` before it (src/zookeeper/url.hpp of Mesos).
 */
import { StevedoreError } from '../../protocol/errors.ts';

export interface ZooKeeperAddress {
  /** `host:port`; an IPv6 address stands in brackets. */
  readonly servers: readonly string[];
  /** Without a slash at its end. */
  readonly path: string;
  /** `user:password`: a secret. */
  readonly digest?: string;
}

const SCHEME = 'zk://';
const DEFAULT_PORT = 2181;
const HOST_AND_PORT = /^(\[[\da-fA-F:.]+(?:%\w+)?\]|[\w.-]+)(?::(\d{1,5}))?$/;

/** Whatever stands before the last `@` may be a secret, wherever the mistake is; so problems quote nothing, either. */
function hideCredentials(text: string): string {
  const at = text.lastIndexOf('@');
  if (at < 0) return text;
  return `${text.startsWith(SCHEME) ? SCHEME : ''}***@${text.slice(at + 1)}`;
}

/** With its port; undefined when it is not host:port. */
export function parseServer(text: string): string | undefined {
  const [, host, digits] = HOST_AND_PORT.exec(text.trim()) ?? [];
  const port = digits === undefined ? DEFAULT_PORT : Number(digits);
  return host === undefined || port < 1 || port > 65_535 ? undefined : `${host}:${port}`;
}

function parsePath(text: string, refuse: (problem: string) => StevedoreError): string {
  const path = text.replace(/\/$/, '');
  if (path === '') throw refuse('a path below / is missing');
  const names = path.slice(1).split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..')) {
    throw refuse('its path has an empty or relative part');
  }
  return path;
}

/**
 * @param text of an option, surrounding blanks aside
 * @throws StevedoreError ERR_ZOOKEEPER_SYNTAX, which never shows the password
 */
export function parseZooKeeperAddress(text: string): ZooKeeperAddress {
  const trimmed = text.trim();
  const refuse = (problem: string) =>
    new StevedoreError('ERR_ZOOKEEPER_SYNTAX', { value: hideCredentials(trimmed), problem });
  if (!trimmed.startsWith(SCHEME)) throw refuse(`it does not begin with ${SCHEME}`);
  const rest = trimmed.slice(SCHEME.length);
  const slash = rest.indexOf('/');
  if (slash < 0) throw refuse('a path is missing');
  // Such a node could be, but a password with a slash is likelier, and its rest would be shown as a path.
  if (rest.includes('@', slash)) throw refuse('a / stands before its last @; no password with a / fits here');
  const at = rest.lastIndexOf('@', slash);
  const digest = rest.slice(0, Math.max(at, 0));
  if (at >= 0 && !/^[^:]+:./.test(digest)) throw refuse('the credentials are not user:password');
  const servers = rest
    .slice(at + 1, slash)
    .split(',')
    .map(parseServer);
  if (!servers.every((server) => server !== undefined)) throw refuse('one of its servers is not host:port');
  return {
    servers,
    path: parsePath(rest.slice(slash), refuse),
    ...(at < 0 ? {} : { digest }),
  };
}

/** For logs and pages: the password is hidden. */
export function renderZooKeeperAddress({ servers, path, digest }: ZooKeeperAddress): string {
  const user = digest?.slice(0, digest.indexOf(':'));
  return `${SCHEME}${user === undefined ? '' : `${user}:***@`}${servers.join(',')}${path}`;
}

/** Takes `host:port` apart for a socket; the brackets of an IPv6 address go. */
export function splitServer(server: string): { readonly host: string; readonly port: number } {
  const colon = server.lastIndexOf(':');
  const host = server.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(server.slice(colon + 1)) };
}
