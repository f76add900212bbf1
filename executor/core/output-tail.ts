/** Keeps the last lines of a process's output for the message of its failure. */
import { stripVTControlCharacters } from 'node:util';

const MAX_LINES = 20;
const MAX_LINE_CHARS = 400;

/** Without colours and other control characters, which no status message should carry. */
function toPlainText(line: string): string {
  return stripVTControlCharacters(line)
    .replace(/\p{Cc}/gu, ' ')
    .trimEnd();
}

export class OutputTail {
  #lines: string[] = [];
  #open = '';

  /** Takes output in any cut. */
  push(chunk: string): void {
    const [first = '', ...rest] = chunk.split('\n');
    this.#extend(first);
    for (const piece of rest) {
      this.#close();
      this.#extend(piece);
    }
  }

  /** Oldest first; a line that has no end yet is the last. */
  get lines(): readonly string[] {
    return [...this.#lines, this.#open].map(toPlainText).filter((line) => line !== '');
  }

  #extend(piece: string): void {
    if (this.#open.length < MAX_LINE_CHARS) this.#open += piece.slice(0, MAX_LINE_CHARS - this.#open.length);
  }

  #close(): void {
    if (this.#open.trim() !== '') this.#lines.push(this.#open);
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
    this.#open = '';
  }
}
