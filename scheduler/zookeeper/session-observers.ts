/** Who is told of a session's states and of changed nodes. */
import { messageOf } from '../../protocol/errors.ts';
import { Watches } from './watches.ts';
import type { SessionState, ZooKeeperOptions } from './zookeeper-client.ts';

export class SessionObservers {
  readonly watches = new Watches();
  readonly #listeners = new Set<(state: SessionState) => void>();
  readonly #log: ZooKeeperOptions['log'];

  constructor(log: ZooKeeperOptions['log']) {
    this.#log = log;
  }

  onState(listener: (state: SessionState) => void): () => void {
    // Its own function each time, so that the same listener can be there twice.
    const own = (state: SessionState) => listener(state);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  announce(state: SessionState): void {
    // Whoever comes in the middle has seen the state itself; whoever leaves hears nothing more.
    const present = [...this.#listeners];
    for (const listener of present) {
      if (this.#listeners.has(listener)) this.#guard(() => listener(state));
    }
  }

  notify(notification: Buffer): void {
    this.#guard(() => this.watches.take(notification).forEach((call) => this.#guard(call)));
  }

  /** A user's own failure must not stop the session. */
  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#log.warn({ problem: messageOf(error) }, 'a watcher or listener of ZooKeeper failed');
    }
  }
}
