/** Events of a `text/event-stream` from pieces of text as they come. Pure. */
import { StringDecoder } from 'node:string_decoder';

export interface ReadEvent {
  readonly id: string;
  readonly data: string;
}

function readField(block: string, name: string): string | undefined {
  const line = block.split('\n').find((text) => text.startsWith(`${name}:`));
  return line?.slice(name.length + 1).trimStart();
}

function parseBlock(block: string): ReadEvent | undefined {
  const [id, data] = [readField(block, 'id'), readField(block, 'data')];
  return id === undefined || data === undefined ? undefined : { id, data };
}

export class EventReader {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** The events that this piece completes. */
  read(piece: Uint8Array): ReadEvent[] {
    const blocks = (this.#rest + this.#decoder.write(Buffer.from(piece))).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => parseBlock(block) ?? []);
  }
}
