/** The last events of a scheduler, for those who follow them and for those who come back after a break. */
import type { SchedulerEventText } from './events.ts';

export interface LoggedEvent extends SchedulerEventText {
  /** Rises by one; a follower who names the last one gets those after it. */
  readonly id: number;
  readonly atMs: number;
}

const KEPT = 1000;

export interface EventFollower {
  /** There is something new: `listAfter` has it. */
  notice(): void;
  /** Nothing will come any more. */
  end(): void;
}

export class EventLog {
  readonly #events: LoggedEvent[] = [];
  readonly #followers = new Set<EventFollower>();
  #lastId: number;

  /** Ids also rise from one life of a scheduler to the next: whoever followed the former one resumes here. */
  constructor(startedAtMs = Date.now()) {
    this.#lastId = startedAtMs * 1000;
  }

  add(event: SchedulerEventText, atMs: number): void {
    this.#lastId += 1;
    const logged = { ...event, id: this.#lastId, atMs };
    this.#events.push(logged);
    if (this.#events.length > KEPT) this.#events.shift();
    for (const follower of this.#followers) follower.notice();
  }

  /** Those that are still kept; all of them after an id that was not given yet. */
  listAfter(id: number): readonly LoggedEvent[] {
    if (id > this.#lastId) return [...this.#events];
    const first = this.#events.findIndex((event) => event.id > id);
    return first < 0 ? [] : this.#events.slice(first);
  }

  /** The returned function ends it. */
  follow(follower: EventFollower): () => void {
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  /** Another scheduler leads: followers have to come back, and are passed on. */
  end(): void {
    for (const follower of this.#followers) follower.end();
  }
}
