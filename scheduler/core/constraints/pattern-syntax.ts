/** Reads the structure of a regular expression; what stands for one character is left to RegExp, one at a time. */

export type PatternNode =
  | { readonly kind: 'one'; readonly test: RegExp }
  /** `^` or `$`. */
  | { readonly kind: 'edge'; readonly atStart: boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly parts: readonly PatternNode[] }
  /** `max` may be infinite. */
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly min: number; readonly max: number };

/** Lookaround, back references, word boundaries, and flags of a group: nothing that this automaton can follow. */
export class IrregularPattern extends Error {}

const GROUP = /\((?:\?(?::|<(?![=!])[^>]*>))?/y;
const CLASS = /\[(?:\\[^]|[^\]\\])*\]/y;
const ESCAPE = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|c[A-Za-z]|0[0-7]{0,2}|[^])/y;
const IRREGULAR = /\\[1-9kbB]|\(\?(?:[^:<]|<[=!])/y;
const QUANTIFIER = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/y;
const ONE_LETTER: Readonly<Record<string, readonly [number, number]>> = {
  '*': [0, Number.POSITIVE_INFINITY],
  '+': [1, Number.POSITIVE_INFINITY],
  '?': [0, 1],
};

function toBounds([text, min, comma, max]: RegExpExecArray): readonly [number, number] {
  const known = ONE_LETTER[text[0] as string];
  if (known !== undefined) return known;
  if (max !== '') return [Number(min), Number(max)];
  return [Number(min), comma === '' ? Number(min) : Number.POSITIVE_INFINITY];
}

/** Reads what RegExp has accepted already, so that no syntax error is left to be found. */
class Reader {
  readonly #source: string;
  readonly #flags: string;
  #at = 0;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = flags;
  }

  #take(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#source) ?? undefined;
    if (found !== undefined) this.#at += found[0].length;
    return found;
  }

  readChoice(): PatternNode {
    const parts = [this.#readSequence()];
    while (this.#take(/\|/y) !== undefined) parts.push(this.#readSequence());
    return parts.length === 1 ? (parts[0] as PatternNode) : { kind: 'choice', parts };
  }

  #readSequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] as string))
      parts.push(this.#readRepeated());
    return { kind: 'sequence', parts };
  }

  #readRepeated(): PatternNode {
    const part = this.#readAtom();
    const quantifier = this.#take(QUANTIFIER);
    if (quantifier === undefined) return part;
    const [min, max] = toBounds(quantifier);
    return { kind: 'repeat', part, min, max };
  }

  #readAtom(): PatternNode {
    if (this.#take(IRREGULAR) !== undefined) throw new IrregularPattern(this.#source);
    if (this.#take(GROUP) !== undefined) {
      const inside = this.readChoice();
      this.#at += 1;
      return inside;
    }
    const edge = this.#take(/[\^$]/y);
    if (edge !== undefined) return { kind: 'edge', atStart: edge[0] === '^' };
    const one = this.#take(CLASS) ?? this.#take(ESCAPE);
    return { kind: 'one', test: this.#toTest(one?.[0]) };
  }

  #toTest(read: string | undefined): RegExp {
    const plain = this.#source[this.#at] as string;
    if (read === undefined) this.#at += 1;
    // A brace or bracket that RegExp took as itself.
    const source = read ?? (/[{}\]]/.test(plain) ? `\\${plain}` : plain);
    return new RegExp(`^${source}$`, this.#flags);
  }
}

/** @throws IrregularPattern */
export function readPattern(source: string, flags: string): PatternNode {
  return new Reader(source, flags).readChoice();
}
