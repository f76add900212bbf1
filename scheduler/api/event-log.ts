/** The last events of a scheduler, for those who follow them and for those who come back after a break. */
import type { SchedulerEventText } from './events.ts';

export interface LoggedEvent extends SchedulerEventText {
  /** Rises by one; a follower who names the last one gets those after it. */
  readonly id: number;
  readonly atMs: number;
}

const KEPT = 1000;

export class EventLog {
  readonly #events: LoggedEvent[] = [];
  readonly #followers = new Set<(event: LoggedEvent) => void>();
  #lastId = 0;

  add(event: SchedulerEventText, atMs: number): void {
    this.#lastId += 1;
    const logged = { ...event, id: this.#lastId, atMs };
    this.#events.push(logged);
    if (this.#events.length > KEPT) this.#events.shift();
    for (const follower of this.#followers) follower(logged);
  }

  /** Those that are still kept. */
  listAfter(id: number): readonly LoggedEvent[] {
    return this.#events.filter((event) => event.id > id);
  }

  /** The returned function ends it. */
  follow(follower: (event: LoggedEvent) => void): () => void {
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }
}
