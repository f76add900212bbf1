/** Listening sockets: where they listen, how long they wait for slow clients, how they end. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { StevedoreError } from '../protocol/errors.ts';

/** A connection on which nothing moves for this long is closed, in the midst of a transfer or between two. */
export const IDLE_TIMEOUT_MS = 60_000;

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

const TIMEOUTS = { headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 30_000 };

const LISTEN_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EACCES: 'ports below 1024 need a privilege that this process lacks',
  EADDRNOTAVAIL: 'this host has no such address',
  ENOTFOUND: 'the name of the host does not resolve',
};

export function createPlainListener(handle: RequestListener, idleTimeoutMs: number): Server {
  return createServer(TIMEOUTS, handle).setTimeout(idleTimeoutMs);
}

export function createTlsListener(
  handle: RequestListener,
  pair: KeyAndCertificate,
  idleTimeoutMs: number,
): TlsServer {
  const options = { ...TIMEOUTS, ...pair, minVersion: 'TLSv1.2', handshakeTimeout: 15_000 } as const;
  return createTlsServer(options, handle).setTimeout(idleTimeoutMs);
}

/** Resolves to the port. @throws StevedoreError ERR_SERVER_LISTEN */
export async function listen(server: Server | TlsServer, address: ListenAddress): Promise<number> {
  try {
    const listening = once(server, 'listening');
    server.listen(address.port, address.host);
    await listening;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    const problem = LISTEN_PROBLEMS[code] ?? String(cause);
    throw new StevedoreError('ERR_SERVER_LISTEN', { ...address, problem }, { cause });
  }
  return (server.address() as AddressInfo).port;
}

/** Takes nothing new, lets transfers end for as long as `graceMs`, then cuts what is left. */
export async function closeListener(server: Server | TlsServer, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  // A kept-alive connection whose transfer ends now would otherwise wait for its next request.
  const idleSweep = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  try {
    await closed;
  } finally {
    clearInterval(idleSweep);
    clearTimeout(cut);
  }
}

/** `https://[::1]:8443` */
export function renderBaseUrl(scheme: 'http' | 'https', host: string, port: number): string {
  const isIpv6 = host.includes(':');
  return `${scheme}://${isIpv6 ? `[${host}]` : host}:${port}`;
}
