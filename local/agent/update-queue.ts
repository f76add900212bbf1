/**
 * Status updates of one task: only the first that is unacknowledged is under way. It is sent again after 10 s, then after
 * twice as long each time up to 10 min, and at once when the scheduler or the agent comes back.
 */
import type { TaskStatus } from '../../protocol/mesos/task.ts';

const LONGEST_MS = 600_000;

export class UpdateQueue {
  readonly #send: (status: TaskStatus) => void;
  readonly #retryMs: number;
  readonly #pending: TaskStatus[];
  readonly #known: Set<string>;
  #timer: NodeJS.Timeout | undefined;

  /** `pending` is what a former agent process had not got acknowledged. */
  constructor(send: (status: TaskStatus) => void, retryMs: number, pending: readonly TaskStatus[] = []) {
    this.#send = send;
    this.#retryMs = retryMs;
    this.#pending = [...pending];
    this.#known = new Set(pending.map((status) => status.uuid as string));
  }

  get pending(): readonly TaskStatus[] {
    return this.#pending;
  }

  /** True if an update with this uuid was taken before: executors repeat what they saw no answer to. */
  knows(uuid: string | undefined): boolean {
    return uuid !== undefined && this.#known.has(uuid);
  }

  /** Takes the update without sending it: it is stored first. */
  add(status: TaskStatus): void {
    this.#known.add(status.uuid as string);
    this.#pending.push(status);
  }

  /** Sends the head now, unless it is under way already. */
  advance(): void {
    if (this.#timer === undefined) this.#sendHead(this.#retryMs);
  }

  /** Sends the head now and starts the waiting anew. */
  resend(): void {
    this.stop();
    this.#sendHead(this.#retryMs);
  }

  /** True if the uuid is that of the head, which then makes room for the next. */
  acknowledge(uuid: string): boolean {
    if (this.#pending[0]?.uuid !== uuid) return false;
    this.#pending.shift();
    this.stop();
    return true;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #sendHead(waitMs: number): void {
    const [head] = this.#pending;
    if (head === undefined) return;
    this.#timer = setTimeout(() => this.#sendHead(Math.min(waitMs * 2, LONGEST_MS)), waitMs);
    this.#send(head);
  }
}
