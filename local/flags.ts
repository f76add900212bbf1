/** Flags as Mesos' own programs take them: `--a=b`, `--a b`, dashes or underscores inside; an unknown one is an error. */
import { StevedoreError } from '../protocol/errors.ts';

export type FlagDefaults = Readonly<Record<string, string>>;

/** One flag and where reading goes on. */
function readFlag(
  args: readonly string[],
  index: number,
): { name: string; value: string | undefined; next: number } {
  const text = args[index] as string;
  const equals = text.indexOf('=');
  const name = text
    .slice(0, equals < 0 ? undefined : equals)
    .replace(/^--/, '')
    .replaceAll('_', '-');
  if (equals >= 0) return { name, value: text.slice(equals + 1), next: index + 1 };
  return { name, value: args[index + 1], next: index + 2 };
}

/**
 * The values of all flags that have a default; a flag that is given several times keeps all values, one a line.
 * @throws StevedoreError ERR_LOCAL_FLAG_UNKNOWN, ERR_LOCAL_FLAG_VALUE
 */
export function parseFlags(
  command: string,
  args: readonly string[],
  defaults: FlagDefaults,
): Record<string, string> {
  const given: Record<string, string> = {};
  for (let index = 0; index < args.length; ) {
    const { name, value, next } = readFlag(args, index);
    if (!args[index]?.startsWith('--') || !(name in defaults)) {
      const known = Object.keys(defaults)
        .map((flag) => `--${flag}`)
        .join(', ');
      throw new StevedoreError('ERR_LOCAL_FLAG_UNKNOWN', { flag: args[index], command, known });
    }
    if (value === undefined || value === '')
      throw new StevedoreError('ERR_LOCAL_FLAG_VALUE', { flag: `--${name}`, value: '', expected: 'a value' });
    given[name] = given[name] === undefined ? value : `${given[name]}\n${value}`;
    index = next;
  }
  return { ...defaults, ...given };
}

/** @throws StevedoreError ERR_LOCAL_FLAG_VALUE */
export function parseWhole(flag: string, value: string, limit: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number <= limit) return number;
  const expected = `a whole number from 0 to ${limit}`;
  throw new StevedoreError('ERR_LOCAL_FLAG_VALUE', { flag: `--${flag}`, value, expected });
}
