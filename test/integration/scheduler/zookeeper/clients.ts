/** ZooKeeper clients for tests, closed with the suite. */
import { createZooKeeperClient } from '../../../../scheduler/zookeeper/client.ts';
import type {
  SessionState,
  ZooKeeperClient,
  ZooKeeperOptions,
} from '../../../../scheduler/zookeeper/zookeeper-client.ts';
import { eventually } from '../../../support/eventually.ts';

export interface TestClient {
  readonly client: ZooKeeperClient;
  /** Every state so far, without the first. */
  readonly states: SessionState[];
  /** Every log line. */
  readonly lines: string[];
}

export class Clients {
  readonly #controller = new AbortController();
  readonly #clients: ZooKeeperClient[] = [];

  /** @param server `host:port`, or several. */
  open(server: string | readonly string[], changes: Partial<ZooKeeperOptions> = {}): TestClient {
    const [states, lines] = [[] as SessionState[], [] as string[]];
    const write = (fields: object, text: string) => void lines.push(`${text} ${JSON.stringify(fields)}`);
    const client = createZooKeeperClient({
      servers: typeof server === 'string' ? [server] : server,
      sessionTimeoutMs: 1000,
      chance: Math.random,
      log: { info: write, warn: write },
      signal: this.#controller.signal,
      ...changes,
    });
    client.onState((state) => states.push(state));
    this.#clients.push(client);
    return { client, states, lines };
  }

  /** For after: also when servers are gone. */
  async closeAll(): Promise<void> {
    this.#controller.abort();
    await Promise.all(this.#clients.map((client) => client.close()));
  }
}

export function untilState(client: ZooKeeperClient, state: SessionState, timeoutMs = 8000): Promise<true> {
  return eventually(`the client is ${state}`, timeoutMs, () => (client.state === state ? true : undefined));
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (data: Uint8Array | undefined): string => new TextDecoder().decode(data);
