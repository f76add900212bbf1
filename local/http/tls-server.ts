/**
 * One port for TLS, and in the clear for nothing but the upgrade by which agents of the local Mesos connect: that stream is
 * its own, and no client of Mesos sees it.
 */
import { readFileSync } from 'node:fs';
import https from 'node:https';
import http from 'node:http';
import net, { type Socket } from 'node:net';
import { messageOf, StevedoreError } from '../../protocol/errors.ts';
import type { Listener } from './server.ts';

export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

export type Upgrade = (request: http.IncomingMessage, socket: Socket) => void;

export interface TlsServer {
  readonly server: net.Server;
  closeAllConnections(): void;
}

const TLS_HANDSHAKE = 0x16;

function readFile(flag: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const expected = `a file that can be read: ${messageOf(error)}`;
    throw new StevedoreError('ERR_LOCAL_FLAG_VALUE', { flag, value: file, expected }, { cause: error });
  }
}

/** @throws StevedoreError ERR_LOCAL_FLAG_VALUE */
function createSecure(files: TlsFiles, listener: Listener): https.Server {
  const certificate = readFile('--certificate', files.certificate);
  const key = readFile('--key', files.key);
  const server = https.createServer(
    { cert: certificate, key, keepAliveTimeout: 0, requestTimeout: 0 },
    listener,
  );
  server.on('checkContinue', listener);
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.on('clientError', (_error, socket) => socket.destroy());
  return server;
}

function createLink(upgrade: Upgrade): http.Server {
  const server = http.createServer({ keepAliveTimeout: 0 }, (request) => request.socket.destroy());
  server.on('upgrade', (request, socket) => upgrade(request, socket as Socket));
  server.on('clientError', (_error, socket) => socket.destroy());
  return server;
}

/** @throws StevedoreError ERR_LOCAL_FLAG_VALUE */
export function createTlsServer(files: TlsFiles, listener: Listener, upgrade: Upgrade): TlsServer {
  const [secure, link] = [createSecure(files, listener), createLink(upgrade)];
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', (chunk) => {
      socket.pause();
      socket.unshift(chunk);
      (chunk[0] === TLS_HANDSHAKE ? secure : link).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
  const closeAllConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return { server, closeAllConnections };
}
