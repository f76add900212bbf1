/**
 * Where the API listens: a Unix socket in the state directory, and TCP with TLS where that is asked for. It listens as long
 * as the process lives, whether it leads or stands by.
 */
import { chmodSync, rmSync } from 'node:fs';
import { type RequestListener, type Server, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import { type ApiRole, handleRequest } from './request-handler.ts';
import type { Channel } from './route.ts';
import { openSocketPath } from './socket-path.ts';

export interface TcpOptions {
  readonly bindHost: string;
  /** 0: any free one. */
  readonly port: number;
  /** Stands in the URL. */
  readonly advertisedHost: string;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
}

export interface ApiServerOptions {
  /** It must be locked: a socket that an earlier scheduler left is replaced. */
  readonly stateDirectory: string;
  readonly tcp?: TcpOptions | undefined;
  readonly role: () => ApiRole;
}

export interface ApiServer {
  /** Of the TCP listener. */
  readonly url: string | undefined;
  /** Of the TCP listener, from its next connection on; PEM. */
  renewCertificate(certificate: string, key: string): void;
  close(): Promise<void>;
}

const LEAST_TLS = 'TLSv1.2';
/** For answers that are being written. */
const CLOSE_GRACE_MS = 1000;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

function toListener(role: () => ApiRole, channel: Channel): RequestListener {
  return (request, response) => void handleRequest(role(), channel, { request, response });
}

async function listen(server: Server, where: string | { host: string; port: number }): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.once('error', reject);
  if (typeof where === 'string') server.listen(where, resolve);
  else server.listen(where, resolve);
  await promise;
  // A connection that could not be accepted (no descriptor is free) ends nothing else.
  server.off('error', reject).on('error', () => undefined);
}

async function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await promise;
  clearTimeout(timer);
}

async function openTcp(tcp: TcpOptions, role: () => ApiRole) {
  const { certificate: cert, key, bindHost: host, port, advertisedHost } = tcp;
  const server = createTlsServer({ cert, key, minVersion: LEAST_TLS }, toListener(role, 'tcp'));
  try {
    await listen(server, { host, port });
  } catch (error) {
    throw new StevedoreError('ERR_API_LISTEN', { host, port, problem: messageOf(error) }, { cause: error });
  }
  const name = advertisedHost.includes(':') ? `[${advertisedHost}]` : advertisedHost;
  return { server, url: `https://${name}:${(server.address() as AddressInfo).port}` };
}

/** @throws StevedoreError ERR_API_LISTEN, ERR_API_FILE */
export async function openApiServer({ stateDirectory, tcp, role }: ApiServerOptions): Promise<ApiServer> {
  const file = join(stateDirectory, 'api.sock');
  rmSync(file, { force: true });
  const remote = tcp && (await openTcp(tcp, role));
  const socket = openSocketPath(stateDirectory);
  const server = createServer(toListener(role, 'socket'));
  try {
    await listen(server, socket.path);
  } catch (error) {
    if (remote !== undefined) await closeServer(remote.server);
    socket.release();
    throw new StevedoreError('ERR_API_FILE', { path: file, problem: messageOf(error) }, { cause: error });
  }
  chmodSync(file, 0o600);
  return {
    url: remote?.url,
    renewCertificate: (cert, key) => remote?.server.setSecureContext({ cert, key, minVersion: LEAST_TLS }),
    close: async () => {
      await Promise.all([closeServer(server), ...(remote === undefined ? [] : [closeServer(remote.server)])]);
      rmSync(file, { force: true });
      socket.release();
    },
  };
}
