/** A duplex stream of JSON records over an upgraded HTTP connection. */
import type { Socket } from 'node:net';
import { RecordParser, renderRecord } from '../../protocol/record-io.ts';

/** Path and protocol name of the upgrade. */
export const LINK_PATH = '/local/agent';
export const LINK_PROTOCOL = 'stevedore-local-agent';

export class Channel<Sent, Received> {
  readonly #socket: Socket;

  constructor(socket: Socket, onMessage: (message: Received) => void) {
    this.#socket = socket;
    const parser = new RecordParser();
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      for (const record of parser.push(chunk)) onMessage(JSON.parse(record.toString('utf8')) as Received);
    });
    // An upgraded socket stays half open when the peer's process is gone, unless it is told not to.
    socket.on('end', () => socket.destroy());
    socket.on('error', () => socket.destroy());
  }

  send(message: Sent): void {
    if (this.#socket.writable) this.#socket.write(renderRecord(JSON.stringify(message)));
  }

  onClose(listener: () => void): void {
    this.#socket.on('close', listener);
  }

  close(): void {
    this.#socket.destroy();
  }
}
