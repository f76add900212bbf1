/** One SUBSCRIBE answer: chunked, one RecordIO record per chunk. */
import type { ServerResponse } from 'node:http';
import { renderRecord } from '../../protocol/record-io.ts';
import { type Headers, startAnswer } from './answer.ts';

export class EventStream {
  readonly #response: ServerResponse;
  #open = true;

  /** `headers` stand between `Transfer-Encoding` and `Content-Type`, as Mesos-Stream-Id does. */
  constructor(response: ServerResponse, headers: Headers = {}) {
    this.#response = response;
    const chunked = { 'Transfer-Encoding': 'chunked', ...headers, 'Content-Type': 'application/json' };
    startAnswer(response, 200, chunked);
    response.flushHeaders();
    response.on('close', () => {
      this.#open = false;
    });
  }

  get open(): boolean {
    return this.#open;
  }

  send(json: string): void {
    if (this.#open) this.#response.write(renderRecord(json));
  }

  /** Sends the terminal chunk. The connection stays open: so does a real Mesos. */
  end(): void {
    this.#open = false;
    this.#response.end();
  }

  /** Runs when the peer goes away; not after `end`. */
  onDisconnect(listener: () => void): void {
    this.#response.on('close', () => {
      if (!this.#response.writableEnded) listener();
    });
  }
}
