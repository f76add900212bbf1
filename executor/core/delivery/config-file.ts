/** The content of one configuration file, and the copy of it that people may see. */
import { posix } from 'node:path';
import { parseProperties, type PropertyEntry, renderProperties } from '../../../config/properties.ts';
import { StevedoreError } from '../../../protocol/errors.ts';
import type { FileSpec } from '../../../protocol/launch-spec.ts';
import { type PlaceholderValues, resolvePlaceholders } from '../../../protocol/placeholders.ts';

export interface RenderedFile {
  readonly content: string;
  /** For the sandbox, which anybody may read: nothing that the operator might keep secret. */
  readonly redacted: string;
  readonly mode: number;
}

const HIDDEN = '(hidden)';
const SECRET_KEY = /secret|password|passwd|key|token|credential/i;
const ENUM_WORD = /^[A-Z][A-Z_]{0,31}$/;
const NUMBER_WITH_UNIT =
  /^-?\d+(\.\d+)?\s*([kmgtp]i?b?|b|ns|us|ms|s|sec|m|min|mins|h|hr|d|day|days|hours?)?$/i;

/**
 * @param original what the operator wrote, for a file with `from`.
 * @throws StevedoreError ERR_CONFIG_FILE, ERR_PLACEHOLDER_UNKNOWN, ERR_PROPERTIES_ESCAPE
 */
export function renderConfigFile(
  file: FileSpec,
  original: string | undefined,
  values: PlaceholderValues,
): RenderedFile {
  const mode = toMode(file);
  if (file.format === 'properties') return { ...renderOverlay(file, original ?? '', values), mode };
  if (original !== undefined) {
    const redacted = `${HIDDEN}: ${Buffer.byteLength(original)} bytes of the operator's own\n`;
    return { content: original, redacted, mode };
  }
  const content = resolvePlaceholders(file.text ?? '', values);
  return { content, redacted: content, mode };
}

/** The operator's keys in their order, with ours in place of theirs or after them. */
function renderOverlay(
  file: FileSpec,
  original: string,
  values: PlaceholderValues,
): { content: string; redacted: string } {
  const { entries, problems } = parseProperties(original, file.path);
  if (problems[0] !== undefined) throw problems[0];
  const set = new Map(
    Object.entries(file.set ?? {}).map(([key, value]) => [key, resolvePlaceholders(value, values)]),
  );
  const kept = entries.filter(({ key }) => !set.has(key)).map(({ key, value }) => ({ key, value }));
  const ours: PropertyEntry[] = [...set].map(([key, value]) => ({ key, value }));
  const shown = kept.map(({ key, value }) => ({ key, value: redactValue(key, value) }));
  return { content: renderProperties([...kept, ...ours]), redacted: renderProperties([...shown, ...ours]) };
}

/** Shown are values that cannot be a secret: booleans, numbers, sizes, durations, and enum words in capitals. */
function redactValue(key: string, value: string): string {
  const plain = /^(true|false)$/i.test(value) || NUMBER_WITH_UNIT.test(value) || ENUM_WORD.test(value);
  return plain && !SECRET_KEY.test(key) ? value : HIDDEN;
}

function toMode(file: FileSpec): number {
  const text = file.mode ?? '0600';
  if (/^0?[0-7]{3}$/.test(text)) return Number.parseInt(text, 8);
  throw new StevedoreError('ERR_CONFIG_FILE', { file: file.path, problem: `'${text}' is no octal mode` });
}

/**
 * The path of a configuration file, relative and inside.
 * @throws StevedoreError ERR_CONFIG_FILE
 */
export function toConfigPath(file: FileSpec): string {
  const path = posix.normalize(file.path);
  const inside = path !== '.' && path !== '..' && !path.startsWith('../') && !path.startsWith('/');
  if (inside && !path.endsWith('/') && !path.includes('\0')) return path;
  throw new StevedoreError('ERR_CONFIG_FILE', {
    file: file.path,
    problem: 'its path leaves the configuration directory',
  });
}
