/** Lets several callers share one work: the first starts it, all see its progress, the last one that leaves ends it. */
import type { Progress, WorkOptions } from './progress.ts';

interface Flight<T> {
  readonly controller: AbortController;
  readonly listeners: Set<Progress>;
  readonly result: Promise<T>;
  waiters: number;
}

/** Rejects with the signal's reason; never resolves. The returned function ends the watch. */
function watchAbort(signal: AbortSignal | undefined): { aborted: Promise<never>; end: () => void } {
  let end = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    if (signal === undefined) return;
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    end = () => signal.removeEventListener('abort', onAbort);
  });
  return { aborted, end };
}

export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  async run(key: string, work: WorkOptions, start: (work: WorkOptions) => Promise<T>): Promise<T> {
    work.signal?.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#start(key, start);
    flight.waiters += 1;
    if (work.progress !== undefined) flight.listeners.add(work.progress);
    const { aborted, end } = watchAbort(work.signal);
    try {
      return await Promise.race([flight.result, aborted]);
    } finally {
      end();
      if (work.progress !== undefined) flight.listeners.delete(work.progress);
      flight.waiters -= 1;
      if (flight.waiters === 0) this.#end(key, flight);
    }
  }

  /** Ends all work; its callers get the reason. */
  abort(reason: Error): void {
    for (const flight of this.#flights.values()) flight.controller.abort(reason);
  }

  #start(key: string, start: (work: WorkOptions) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const listeners = new Set<Progress>();
    const progress: Progress = (done, total) => {
      for (const listener of listeners) listener(done, total);
    };
    const result = start({ progress, signal: controller.signal });
    // Its callers may all have left by then.
    result.catch(() => undefined);
    const flight = { controller, listeners, result, waiters: 0 };
    this.#flights.set(key, flight);
    return flight;
  }

  #end(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
    flight.controller.abort(new Error('nobody waits for it any more'));
  }
}
