/**
 * Java's properties format (java.util.Properties): the `properties-file` library knows its line rules, this file adds
 * what a person needs to find an error, and writing that every reader understands alike.
 */
import { escapeKey, escapeValue } from 'properties-file/escape';
import { Properties } from 'properties-file/parser';
import { StevedoreError } from '../protocol/errors.ts';

export interface PropertyEntry {
  readonly key: string;
  readonly value: string;
}

export interface ParsedProperty extends PropertyEntry {
  /** Where it begins; the first line is 1. */
  readonly line: number;
}

export interface ParsedProperties {
  /** In the order of the file; a key that is set twice is there twice, and the later one counts. */
  readonly entries: readonly ParsedProperty[];
  readonly problems: readonly StevedoreError[];
}

const FIRST_PRIVATE_USE = 0xe000;

/** A character that the text does not hold, to stand for `\u` while the library parses. */
function selectMark(text: string): string {
  let code = FIRST_PRIVATE_USE;
  while (text.includes(String.fromCharCode(code))) code += 1;
  return String.fromCharCode(code);
}

/**
 * The library throws at the first malformed `\u` and does not say where. So `\u` is hidden from it, and resolved here,
 * entry by entry.
 */
function hideUnicodeEscapes(text: string, mark: string): string {
  return text.replace(/\\([\s\S])/g, (pair, escaped: string) => (escaped === 'u' ? `\\${mark}` : pair));
}

/**
 * Reads a properties file. Nothing is thrown: `problems` has every malformed escape with file and line
 * (ERR_PROPERTIES_ESCAPE), and `entries` everything else.
 */
export function parseProperties(text: string, fileName: string): ParsedProperties {
  const mark = selectMark(text);
  const problems: StevedoreError[] = [];
  const entries: ParsedProperty[] = [];
  for (const node of new Properties(hideUnicodeEscapes(text, mark)).getProperties()) {
    const line = node.startingLineNumber;
    const malformed = (escape: string) =>
      problems.push(new StevedoreError('ERR_PROPERTIES_ESCAPE', { file: fileName, line, value: escape }));
    const key = resolveUnicodeEscapes(node.key, mark, malformed);
    const value = resolveUnicodeEscapes(node.value, mark, malformed);
    entries.push({ key, value, line });
  }
  return { entries, problems };
}

function resolveUnicodeEscapes(text: string, mark: string, malformed: (escape: string) => void): string {
  if (!text.includes(mark)) return text;
  return text.replace(new RegExp(`${mark}([^${mark}]{0,4})`, 'g'), (_whole, digits: string) => {
    if (/^[0-9a-fA-F]{4}$/.test(digits)) return String.fromCharCode(Number.parseInt(digits, 16));
    malformed(`\\u${digits}`);
    return digits;
  });
}

/** Writes `key=value` lines in plain ASCII, so that the encoding a reader assumes makes no difference. */
export function renderProperties(entries: readonly PropertyEntry[]): string {
  return entries.map(({ key, value }) => `${escapeKey(key, true)}=${escapeValue(value, true)}\n`).join('');
}
