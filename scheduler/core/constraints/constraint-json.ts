/** Reads Marathon's JSON list of constraints. Not by JSON.parse: each word has to know where it stands. */
import type { Entry, Reading, Word } from './constraint-text.ts';

const TOKEN = /\s*(?:([[\],])|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?)|$)/y;

class Stop extends Error {
  readonly index: number;
  constructor(index: number, expected: string) {
    super(`expected ${expected}`);
    this.index = index;
  }
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  #peek(): Word {
    TOKEN.lastIndex = this.#at;
    const found = TOKEN.exec(this.#text);
    if (found === null) throw new Stop(this.#text.search(/\S/) < 0 ? 0 : this.#at, 'a list or a string');
    const text = found[0].trim();
    return { text, index: this.#at + found[0].length - text.length };
  }

  #next(): Word {
    const word = this.#peek();
    this.#at = word.index + word.text.length;
    return word;
  }

  #expect(text: string): Word {
    const word = this.#next();
    if (word.text !== text) throw new Stop(word.index, `'${text}'`);
    return word;
  }

  /** Items up to the closing bracket; the opening one has been read. */
  #readItems<T>(readItem: () => T): T[] {
    const items: T[] = [];
    if (this.#peek().text === ']') {
      this.#next();
      return items;
    }
    for (;;) {
      items.push(readItem());
      const { text, index } = this.#next();
      if (text === ']') return items;
      if (text !== ',') throw new Stop(index, "',' or ']'");
    }
  }

  #readWord(): Word {
    const { text, index } = this.#next();
    if (text === '' || '[],'.includes(text)) throw new Stop(index, 'a string');
    return { text: text.startsWith('"') ? String(JSON.parse(text)) : text, index };
  }

  #readEntry(): Entry {
    const { index } = this.#expect('[');
    const [first, ...rest] = this.#readItems(() => this.#readWord());
    if (first === undefined) throw new Stop(index, 'a field and an operator in the list');
    return [first, ...rest];
  }

  /** One list of words, or a list of such lists. */
  readAll(): Entry[] {
    const start = this.#expect('[');
    const isNested = ['[', ']'].includes(this.#peek().text);
    if (!isNested) this.#at = start.index;
    const entries = isNested ? this.#readItems(() => this.#readEntry()) : [this.#readEntry()];
    this.#expect('');
    return entries;
  }
}

/** `[["hostname","UNIQUE"],["rack","LIKE","a.*"]]`, or one constraint alone: `["hostname","UNIQUE"]`. */
export function readJson(text: string): Reading {
  try {
    return { entries: new JsonReader(text).readAll(), misreadings: [] };
  } catch (error) {
    if (error instanceof Stop)
      return { entries: [], misreadings: [{ index: error.index, problem: error.message }] };
    if (error instanceof SyntaxError)
      return { entries: [], misreadings: [{ index: 0, problem: error.message }] };
    throw error;
  }
}
