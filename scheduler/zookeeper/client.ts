/** Opens a ZooKeeper client: it knows by its own clock when its session may be gone, and makes a new one by itself. */
import { X509Certificate } from 'node:crypto';
import { uptime } from 'node:os';
import { type SecureContext, createSecureContext } from 'node:tls';
import { messageOf, StevedoreError } from '../../protocol/errors.ts';
import { SessionClient } from './session-client.ts';
import { SessionDriver } from './session-driver.ts';
import { parseServer } from './zookeeper-address.ts';
import type { ZooKeeperClient, ZooKeeperOptions } from './zookeeper-client.ts';

/** Since boot, in milliseconds: unlike Node's monotonic clock it goes on while the machine sleeps, and nobody sets it. */
function readBootClock(): number {
  return uptime() * 1000;
}

/** Every order is as likely, so that the clients of an ensemble spread over its servers. */
function shuffle(items: readonly string[], chance: () => number): string[] {
  const keyed = items.map((item) => ({ item, key: chance() }));
  return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item);
}

function toServers({ servers, chance }: ZooKeeperOptions): string[] {
  const parsed = servers.map((server) => {
    const found = parseServer(server);
    if (found !== undefined) return found;
    throw new StevedoreError('ERR_ZOOKEEPER_SYNTAX', { value: server, problem: 'a server is not host:port' });
  });
  if (parsed.length === 0) {
    throw new StevedoreError('ERR_ZOOKEEPER_SYNTAX', { value: '', problem: 'it names no server' });
  }
  return shuffle(parsed, chance);
}

function openSecureContext({ tls }: ZooKeeperOptions): SecureContext | undefined {
  if (tls === undefined) return undefined;
  try {
    // OpenSSL passes over a CA that is none, and then no server is trusted.
    if (tls.ca !== undefined) new X509Certificate(tls.ca);
    return createSecureContext({ ...tls, minVersion: 'TLSv1.2' });
  } catch (error) {
    throw new StevedoreError('ERR_ZOOKEEPER_TLS', { problem: messageOf(error) }, { cause: error });
  }
}

/**
 * It connects by itself and goes on until the signal or `close()`, whatever servers do. An expired session is announced
 * once as `expired` and then replaced: whoever owns ephemeral nodes listens, or compares `sessionId`.
 * @param clock milliseconds, never set back, going on while the process is stopped
 * @throws StevedoreError ERR_ZOOKEEPER_SYNTAX, ERR_ZOOKEEPER_TLS
 */
export function createZooKeeperClient(
  options: ZooKeeperOptions,
  clock: () => number = readBootClock,
): ZooKeeperClient {
  const { signal, digest } = options;
  const servers = toServers(options);
  const driver = new SessionDriver({ ...options, servers, tls: openSecureContext(options), clock });
  const client = new SessionClient(driver, digest !== undefined);
  const close = () => void client.close();
  signal.addEventListener('abort', close, { once: true });
  driver.observers.onState((state) => {
    if (state === 'closed') signal.removeEventListener('abort', close);
  });
  if (signal.aborted) close();
  else driver.start();
  return client;
}
