/** HTTP on a bare socket: bytes in, bytes out, so that nothing is hidden by a client library. */
import net from 'node:net';

export interface RawResponse {
  /** Status line and headers, without the empty line. */
  readonly head: string;
  readonly body: string;
}

/** One connection that keeps all it received. */
export class RawConnection {
  readonly #socket: net.Socket;
  #received = Buffer.alloc(0);
  #ended = false;
  #waiting: (() => void)[] = [];

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    socket.on('error', () => this.#socket.destroy());
    socket.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  static async open(port: number, host: string, bytes: Buffer | string): Promise<RawConnection> {
    const socket = net.connect({ port, host });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const connection = new RawConnection(socket);
    socket.write(bytes);
    return connection;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get text(): string {
    return this.#received.toString('latin1');
  }

  /** Status line and headers, once they are there. */
  get head(): string | undefined {
    const end = this.text.indexOf('\r\n\r\n');
    return end < 0 ? undefined : this.text.slice(0, end);
  }

  /** Payloads of the complete chunks of a chunked answer; `terminated` after the last one. */
  get chunks(): { readonly payloads: string[]; readonly terminated: boolean } {
    return decodeChunks(this.text.slice((this.head?.length ?? 0) + 4));
  }

  /** Complete records, one per chunk as Mesos sends them. */
  get records(): string[] {
    return this.chunks.payloads.map((payload) => {
      const newline = payload.indexOf('\n');
      const json = Buffer.from(payload.slice(newline + 1), 'latin1');
      if (Number(payload.slice(0, newline)) !== json.length) throw new Error('a chunk is not one record');
      return json.toString('utf8');
    });
  }

  /** Waits until the condition holds; fails with what was received so far. */
  async until(what: string, condition: () => boolean, timeoutMs = 8000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!condition()) {
      const leftMs = deadline - Date.now();
      if (leftMs <= 0) throw new Error(`waited in vain for ${what}; received: ${this.text.slice(-1500)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(leftMs, 100));
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

export function decodeChunks(text: string): { payloads: string[]; terminated: boolean } {
  const payloads: string[] = [];
  for (let at = 0; ; ) {
    const line = text.indexOf('\r\n', at);
    const length = line < 0 ? Number.NaN : Number.parseInt(text.slice(at, line), 16);
    if (Number.isNaN(length) || text.length < line + 2 + length + 2) return { payloads, terminated: false };
    if (length === 0) return { payloads, terminated: true };
    payloads.push(text.slice(line + 2, line + 2 + length));
    at = line + 2 + length + 2;
  }
}

/** Sends one request and reads the whole answer by its Content-Length. */
export async function exchange(port: number, host: string, bytes: Buffer | string): Promise<RawResponse> {
  const connection = await RawConnection.open(port, host, bytes);
  try {
    await connection.until('an answer', () => {
      const length = /content-length: (\d+)/i.exec(connection.head ?? '')?.[1];
      return (
        length !== undefined && connection.text.length >= (connection.head?.length ?? 0) + 4 + Number(length)
      );
    });
    const head = connection.head as string;
    return { head, body: connection.text.slice(head.length + 4) };
  } finally {
    connection.close();
  }
}
