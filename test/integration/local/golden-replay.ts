/** Sends recorded requests one by one; what the recorded Mesos made up is replaced by what ours makes up, as it is learnt. */
import { headOf, mask, type Recording, recordsOf } from './golden-files.ts';
import { exchange, RawConnection } from './raw-http.ts';

export interface Compared {
  readonly expected: string;
  readonly actual: string;
}

export class GoldenReplay {
  readonly #port: number;
  readonly #pairs: [recorded: string, ours: string][] = [];
  readonly streams: RawConnection[] = [];

  constructor(port: number) {
    this.#port = port;
  }

  /** Stands for the other from now on; the longer one is replaced first. */
  learn(recorded: string, ours: string): void {
    this.#pairs.push([recorded, ours]);
    this.#pairs.sort(([a], [b]) => b.length - a.length);
  }

  #toOurs(text: string): string {
    return this.#pairs.reduce((result, [recorded, ours]) => result.replaceAll(recorded, ours), text);
  }

  #toRecorded(text: string): string {
    const named = this.#pairs.reduce((result, [recorded, ours]) => result.replaceAll(ours, recorded), text);
    return mask(named);
  }

  async play(recording: Recording): Promise<Compared> {
    const [head, body] = [
      headOf(recording.request),
      recording.request.slice(headOf(recording.request).length + 4),
    ];
    const ours = this.#toOurs(body);
    const length = `Content-Length: ${Buffer.byteLength(ours)}`;
    const request = `${this.#toOurs(head).replace(/content-length: \d+/i, length)}\r\n\r\n${ours}`;
    if (recordsOf(recording.response).length > 0) return this.#playStream(recording, request);
    const answer = await exchange(this.#port, '127.0.0.1', request);
    // A name of ours may be longer than the recorded one: the length follows the text.
    const actual = this.#toRecorded(`${answer.head}\r\n\r\n${answer.body}`);
    return { expected: lengthless(mask(recording.response)), actual: lengthless(actual) };
  }

  async #playStream(recording: Recording, request: string): Promise<Compared> {
    const stream = await RawConnection.open(this.#port, '127.0.0.1', request);
    this.streams.push(stream);
    await stream.until('the first event', () => stream.records.length > 0);
    const [expected] = recordsOf(recording.response) as [string];
    this.#learnFrom(recording.response, expected, stream);
    return {
      expected: `${mask(headOf(recording.response))}\n${mask(expected)}`,
      actual: `${mask(stream.head ?? '')}\n${this.#toRecorded(stream.records[0] as string)}`,
    };
  }

  #learnFrom(response: string, record: string, stream: RawConnection): void {
    const idOf = (text: string): string => /mesos-stream-id: (\S+)/i.exec(text)?.[1] ?? '';
    this.learn(idOf(headOf(response)), idOf(stream.head ?? ''));
    const [recorded, ours] = [JSON.parse(record), JSON.parse(stream.records[0] as string)];
    if (ours.type !== 'SUBSCRIBED' || recorded.type !== 'SUBSCRIBED') return;
    this.learn(recorded.subscribed.framework_id.value, ours.subscribed.framework_id.value);
    this.learn(recorded.subscribed.master_info.id, ours.subscribed.master_info.id);
  }

  close(): void {
    for (const stream of this.streams) stream.close();
  }
}

function lengthless(answer: string): string {
  return answer.replace(/Content-Length: [1-9]\d*/, 'Content-Length: LENGTH');
}
