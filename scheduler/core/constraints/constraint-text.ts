/** Cuts constraints that are written as text into words; each word knows where it stands. */

export interface Word {
  readonly text: string;
  /** Of its first character in the whole input. */
  readonly index: number;
}

/** The words of one constraint. */
export type Entry = readonly [Word, ...Word[]];

interface Misreading {
  readonly index: number;
  readonly problem: string;
}

export interface Reading {
  readonly entries: readonly Entry[];
  readonly misreadings: readonly Misreading[];
}

/** A backslash before one of these makes it an ordinary character; before others it is one itself, as regular expressions want. */
const ESCAPED = /\\([\\:,])/g;

/** Parts between separators that no backslash takes away. */
function splitAt(separator: ':' | ',', { text, index }: Word): Word[] {
  const parts: Word[] = [];
  let start = 0;
  for (const { 0: found, index: at } of text.matchAll(/\\[\\:,]|[:,]/g)) {
    if (found !== separator) continue;
    parts.push({ text: text.slice(start, at), index: index + start });
    start = at + 1;
  }
  return [...parts, { text: text.slice(start), index: index + start }];
}

function trim({ text, index }: Word): Word {
  return { text: text.trim(), index: index + (text.length - text.trimStart().length) };
}

function unescape({ text, index }: Word): Word {
  return { text: text.replace(ESCAPED, '$1'), index };
}

/** `hostname:UNIQUE,rack:LIKE:a.*` */
export function readText(text: string): Reading {
  const pieces = splitAt(',', { text, index: 0 }).map(trim);
  const empty = pieces.filter((piece) => piece.text === '');
  return {
    entries: pieces
      .filter((piece) => piece.text !== '')
      .map((piece) => splitAt(':', piece).map((part) => unescape(trim(part))) as unknown as Entry),
    misreadings: empty.map(({ index }) => ({ index, problem: 'nothing stands between two commas' })),
  };
}
