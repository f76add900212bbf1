/** The types of option values: each reads text once, at the door; past it are numbers, booleans and lists. */
import { parseByteSize } from '../protocol/byte-size.ts';
import { parseDurationMs } from '../protocol/duration.ts';
import { StevedoreError } from '../protocol/errors.ts';

export interface OptionType<T> {
  /** As the reference names it: `size`, `port`. */
  readonly name: string;
  /** @throws StevedoreError with what is wrong about the value and how to write one. */
  readonly parse: (text: string) => T;
}

function refuse(value: string, expected: string): never {
  throw new StevedoreError('ERR_OPTION_VALUE', { value, expected });
}

export const stringType: OptionType<string> = { name: 'text', parse: (text) => text };

/** Bytes. */
export const bytesType: OptionType<number> = { name: 'size', parse: (text) => parseByteSize(text) };

/** Milliseconds. */
export const durationType: OptionType<number> = { name: 'duration', parse: (text) => parseDurationMs(text) };

export const booleanType: OptionType<boolean> = {
  name: 'boolean',
  parse: (text) => {
    const value = text.trim().toLowerCase();
    return value === 'true' || value === 'false' ? value === 'true' : refuse(text, 'true or false');
  },
};

/** 0 is allowed: any port. */
export const portType: OptionType<number> = {
  name: 'port',
  parse: (text) => (isInteger(text, 0, 65535) ? Number(text) : refuse(text, 'a port from 0 to 65535')),
};

export function integerType(
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
): OptionType<number> {
  const expected = min === Number.MIN_SAFE_INTEGER ? 'a whole number' : `a whole number of ${min} or more`;
  return {
    name: 'integer',
    parse: (text) => (isInteger(text, min, max) ? Number(text) : refuse(text, expected)),
  };
}

/** A decimal number above `over`. */
export function numberType(over = Number.NEGATIVE_INFINITY): OptionType<number> {
  const expected = over === Number.NEGATIVE_INFINITY ? 'a number' : `a number above ${over}`;
  return {
    name: 'number',
    parse: (text) => {
      const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text.trim());
      return isNumber && Number(text) > over ? Number(text) : refuse(text, expected);
    },
  };
}

/** One of some words, in any case. */
export function enumType<const T extends string>(...words: readonly T[]): OptionType<T> {
  const find = (text: string) => words.find((word) => word.toLowerCase() === text.trim().toLowerCase());
  return {
    name: words.join(' \\| '),
    parse: (text) => find(text) ?? refuse(text, `one of ${words.join(', ')}`),
  };
}

/** Texts between commas; empty ones are dropped. */
export const listType: OptionType<readonly string[]> = {
  name: 'list',
  parse: (text) =>
    text
      .split(',')
      .map((element) => element.trim())
      .filter((element) => element !== ''),
};

function isInteger(text: string, min: number, max: number): boolean {
  const value = Number(text);
  return /^[+-]?\d+$/.test(text.trim()) && value >= min && value <= max;
}
