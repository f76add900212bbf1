/** An upstream that misbehaves on demand, and counts how often it is asked. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

export class Upstream {
  readonly requests: IncomingMessage[] = [];
  readonly #behaviours: Readonly<Record<string, Behaviour>>;
  readonly #server = createServer((request, response) => {
    this.requests.push(request);
    const behave = this.#behaviours[(request.url as string).split('?')[0] as string];
    if (behave === undefined) response.writeHead(404).end('no such release');
    else behave(request, response);
  });

  constructor(behaviours: Readonly<Record<string, Behaviour>>) {
    this.#behaviours = behaviours;
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
