/** Stands between one scheduler and the Mesos master, and knows every call that passes. */
import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

export class MasterGate {
  /** Types of calls in the order in which they came; ACCEPT, DECLINE and the like. */
  readonly calls: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(master: string): Promise<MasterGate> {
    const [host = '', port = ''] = master.split(':');
    const server = createServer();
    const gate = new MasterGate(server);
    server.on('connection', (inner) => gate.#join(inner, connect(Number(port), host)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return gate;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #join(inner: Socket, outer: Socket): void {
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => this.#sockets.delete(from));
      from.pipe(to);
    }
    inner.on('data', (chunk: Buffer) => this.#note(chunk.toString('latin1')));
  }

  /** A call is JSON that names the framework first, or its type. */
  #note(text: string): void {
    for (const [, type] of text.matchAll(/"type":"(SUBSCRIBE|[A-Z_]{4,})"/g))
      if (CALLS.has(type as string)) this.calls.push(type as string);
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }
}

const CALLS = new Set([
  'SUBSCRIBE',
  'TEARDOWN',
  'ACCEPT',
  'DECLINE',
  'ACCEPT_INVERSE_OFFERS',
  'DECLINE_INVERSE_OFFERS',
  'REVIVE',
  'SUPPRESS',
  'KILL',
  'SHUTDOWN',
  'ACKNOWLEDGE',
  'RECONCILE',
  'UPDATE_FRAMEWORK',
]);
