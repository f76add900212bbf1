/** One connection to one ZooKeeper server: whole messages in both directions, and one end that is told once. */
import { type Socket, connect as connectTcp, isIP } from 'node:net';
import { type SecureContext, connect as connectTls } from 'node:tls';
import { messageOf } from '../../protocol/errors.ts';
import { FrameParser, renderFrame } from './frame-parser.ts';
import { splitServer } from './zookeeper-address.ts';

const KEEP_ALIVE_MS = 10_000;

export interface ServerConnectionOptions {
  readonly server: string;
  readonly tls: SecureContext | undefined;
  readonly onOpen: () => void;
  /** Must not throw but for a message that cannot be read; the connection ends then. */
  readonly onMessage: (message: Buffer) => void;
  /** The last call of all. Not called after `close`. */
  readonly onLost: (reason: string) => void;
}

function openSocket({ server, tls }: ServerConnectionOptions): Socket {
  const { host, port } = splitServer(server);
  if (tls === undefined) return connectTcp({ host, port });
  // Server name indication takes names only.
  return connectTls({ secureContext: tls, host, port, ...(isIP(host) === 0 ? { servername: host } : {}) });
}

export class ServerConnection {
  readonly #options: ServerConnectionOptions;
  readonly #socket: Socket;
  readonly #parser = new FrameParser();
  #isOver = false;

  constructor(options: ServerConnectionOptions) {
    this.#options = options;
    this.#socket = openSocket(options);
    this.#socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
    this.#socket.once(options.tls === undefined ? 'connect' : 'secureConnect', () => {
      if (!this.#isOver) options.onOpen();
    });
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#socket.on('error', (error) => this.#lose(messageOf(error)));
    this.#socket.on('close', () => this.#lose('the server closed the connection'));
  }

  send(message: Buffer): void {
    if (!this.#isOver) this.#socket.write(renderFrame(message));
  }

  close(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    try {
      for (const message of this.#parser.push(chunk)) {
        if (this.#isOver) return;
        this.#options.onMessage(message);
      }
    } catch (error) {
      this.#lose(messageOf(error));
    }
  }

  #lose(reason: string): void {
    if (this.#isOver) return;
    this.close();
    this.#options.onLost(reason);
  }
}
