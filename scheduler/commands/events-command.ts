/** `stevedore events`: follows what happens; after a break it goes on where it was. */
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../protocol/errors.ts';
import { openAnswer, refuseFailure } from '../api/client.ts';
import type { LoggedEvent } from '../api/event-log.ts';
import { EventReader } from './event-reader.ts';
import { type CommandCall, takeWords } from './operator-command.ts';
import { toPlainText } from './paint.ts';

const RETRY_MS = 1000;
const MOST_RETRY_MS = 30_000;
/** Three times what a scheduler that has nothing to tell lets pass. */
const SILENCE_MS = 45_000;

/** `2026-01-02T03:04:05.678Z instance worker-0 is waiting: exit code 3` */
export function renderEventLine({ atMs, kind, text, fields }: LoggedEvent): string {
  const message = typeof fields.message === 'string' ? `: ${fields.message}` : '';
  return toPlainText(`${new Date(atMs).toISOString()} ${kind} ${text}${message}`.replaceAll('\n', ' '));
}

function printEvent({ values, terminal }: CommandCall, data: string): void {
  if (values.json === true) terminal.print(`${data}\n`);
  else terminal.print(`${renderEventLine(JSON.parse(data) as LoggedEvent)}\n`);
}

class Follower {
  readonly #call: CommandCall;
  readonly #signal: AbortSignal;
  #lastId = '0';
  #retryMs = RETRY_MS;

  constructor(call: CommandCall, signal: AbortSignal) {
    this.#call = call;
    this.#signal = signal;
  }

  /** Until the connection ends. @throws StevedoreError ERR_API_UNREACHABLE, ERR_API_REFUSED */
  async follow(): Promise<void> {
    const { address } = this.#call;
    const options = { signal: this.#signal, headers: { 'last-event-id': this.#lastId } };
    const answer = await openAnswer(address, ['GET', '/v1/events'], options);
    await refuseFailure(address, answer);
    this.#retryMs = RETRY_MS;
    answer.setTimeout(SILENCE_MS, () => answer.destroy());
    const reader = new EventReader();
    try {
      for await (const piece of answer as AsyncIterable<Buffer>) this.#print(reader.read(piece));
    } catch {
      // Cut: what is missing comes with the next connection.
    }
  }

  #print(events: ReturnType<EventReader['read']>): void {
    for (const { id, data } of events) {
      this.#lastId = id;
      printEvent(this.#call, data);
    }
  }

  async tryAgain(): Promise<void> {
    const signal = this.#signal;
    await delay(this.#retryMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    this.#retryMs = Math.min(2 * this.#retryMs, MOST_RETRY_MS);
    try {
      await this.follow();
    } catch (error) {
      if (!this.#signal.aborted) this.#call.terminal.complain(`${messageOf(error)}\n`);
    }
  }
}

export async function run(call: CommandCall): Promise<void> {
  takeWords(call, 0);
  const signal = call.terminal.untilInterrupted();
  const follower = new Follower(call, signal);
  // What is wrong from the start is a failure; later the scheduler may just have restarted.
  await follower.follow();
  while (!signal.aborted) await follower.tryAgain();
}
