/** Colours where somebody sees them, and no control character of others anywhere. Pure. */
import { stripVTControlCharacters } from 'node:util';

export type Colours = 'colours' | 'plain';

export const BOLD = 1;
export const RED = 31;
export const GREEN = 32;
export const YELLOW = 33;
export const CYAN = 36;
export const GREY = 90;

/** `NO_COLOR` as no-color.org has it: set to anything but nothing. */
export function selectColours(
  isTerminal: boolean,
  { NO_COLOR, TERM }: Readonly<Record<string, string | undefined>>,
): Colours {
  return isTerminal && !NO_COLOR && TERM !== 'dumb' ? 'colours' : 'plain';
}

export function paint(text: string, code: number, colours: Colours): string {
  return colours === 'plain' ? text : `\u001b[${code}m${text}\u001b[0m`;
}

/** Messages of tasks come from programs that colour theirs; in a table they would move the cursor. */
export function toPlainText(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[^\P{Cc}\n\t]/gu, '');
}
