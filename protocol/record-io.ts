/**
 * RecordIO, the framing of Mesos' event streams: `<decimal byte length>\n<bytes>`, nothing between records
 * (docs/recordio.md of Mesos). Lengths count bytes, and HTTP chunks have nothing to do with records.
 */
import { StevedoreError } from './errors.ts';

const NEWLINE = 0x0a;
const MAX_LENGTH_DIGITS = 20;

/** Largest record that is believed, in bytes: a burst of state is megabytes, never this. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;

/** Frames one record. */
export function renderRecord(payload: string | Uint8Array): Buffer {
  const bytes = Buffer.from(payload as Uint8Array);
  return Buffer.concat([Buffer.from(`${bytes.length}\n`, 'latin1'), bytes]);
}

/**
 * Takes a stream's bytes in any cut and returns the records that are complete. Empty lines before a length are
 * tolerated, as Mesos' own readers do.
 */
export class RecordParser {
  readonly #maxBytes: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #digits = '';
  #expected: number | undefined;

  constructor(maxBytes: number = MAX_RECORD_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** @throws StevedoreError ERR_RECORD_LENGTH when a length is no number or larger than the cap. */
  push(chunk: Uint8Array): Buffer[] {
    const records: Buffer[] = [];
    let rest: Buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    while (rest.length > 0) {
      rest =
        this.#expected === undefined
          ? this.#takeLength(rest)
          : this.#takeBytes(rest, this.#expected, records);
      if (this.#expected === 0) records.push(this.#finish());
    }
    return records;
  }

  /** True between two records, which is the only place where a stream may end. */
  get idle(): boolean {
    return this.#expected === undefined && this.#digits === '';
  }

  #takeLength(chunk: Buffer): Buffer {
    const end = chunk.indexOf(NEWLINE);
    this.#digits += chunk.toString('latin1', 0, end < 0 ? chunk.length : end);
    if (this.#digits.length > MAX_LENGTH_DIGITS) this.#refuse();
    if (end < 0) return chunk.subarray(chunk.length);
    const digits = this.#digits.trim();
    if (digits !== '') {
      if (!/^\d+$/.test(digits) || Number(digits) > this.#maxBytes) this.#refuse();
      this.#expected = Number(digits);
    }
    this.#digits = '';
    return chunk.subarray(end + 1);
  }

  #takeBytes(chunk: Buffer, expected: number, records: Buffer[]): Buffer {
    const piece = chunk.subarray(0, expected - this.#pendingBytes);
    this.#pending.push(piece);
    this.#pendingBytes += piece.length;
    if (this.#pendingBytes === expected) records.push(this.#finish());
    return chunk.subarray(piece.length);
  }

  #finish(): Buffer {
    const record = Buffer.concat(this.#pending, this.#pendingBytes);
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#expected = undefined;
    return record;
  }

  #refuse(): never {
    throw new StevedoreError('ERR_RECORD_LENGTH', {
      value: this.#digits.slice(0, 40),
      limit: this.#maxBytes,
    });
  }
}
