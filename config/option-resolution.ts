/** From settings to typed values: flag before environment before file before default, each with its origin. */
import { StevedoreError } from '../protocol/errors.ts';
import { selectNearestName } from './nearest-name.ts';
import {
  listKeys,
  type OptionDefinition,
  type OptionTable,
  type OptionValues,
  type Setting,
  type SettingSources,
} from './option-table.ts';
import { expandReferences } from './references.ts';

/** The setting that counts for an option, and the text after references were replaced. */
export interface ResolvedOption {
  readonly name: string;
  readonly option: OptionDefinition;
  /** Undefined: the default counts, or nothing. */
  readonly setting?: Setting;
  readonly text?: string;
}

export interface Resolution<T extends OptionTable> {
  /** Complete only if there are no problems. */
  readonly values: OptionValues<T>;
  readonly options: readonly ResolvedOption[];
  readonly warnings: readonly string[];
  readonly problems: readonly StevedoreError[];
  /** True when somebody set it, anywhere. */
  readonly isSet: (name: keyof T) => boolean;
}

/** Later settings of a source replace earlier ones; sources come from the strongest to the weakest. */
function indexSettings(sources: SettingSources): Map<string, Setting> {
  const weakestFirst = [...sources.file, ...sources.environment, ...sources.flags];
  return new Map(weakestFirst.map((setting) => [setting.key, setting]));
}

/** Within one source the key itself counts before its other names. */
function selectSetting(option: OptionDefinition, sources: SettingSources): Setting | undefined {
  const keys = listKeys(option);
  for (const source of [sources.flags, sources.environment, sources.file]) {
    const settings = new Map(source.map((setting) => [setting.key, setting]));
    const key = keys.find((candidate) => settings.has(candidate));
    if (key !== undefined) return settings.get(key);
  }
  return undefined;
}

function createLookUp(table: OptionTable, sources: SettingSources): (key: string) => string | undefined {
  const settings = indexSettings(sources);
  const options = new Map(
    Object.values(table).flatMap((option) => listKeys(option).map((key) => [key, option])),
  );
  return (key) => {
    const option = options.get(key);
    if (option === undefined) return settings.get(key)?.value;
    return selectSetting(option, sources)?.value ?? option.default;
  };
}

function warnDeprecated(option: OptionDefinition, setting: Setting | undefined): string[] {
  if (setting === undefined || !(option.deprecated ?? []).includes(setting.key)) return [];
  return [`${setting.key} (${setting.origin}) is an old name: write ${option.key}.`];
}

/** Names that are in one of our name spaces and in no table: a typing error that would silently change nothing. */
function refuseUnknown(
  table: OptionTable,
  sources: SettingSources,
  nameSpaces: readonly string[],
): StevedoreError[] {
  const known = new Set(Object.values(table).flatMap(listKeys));
  return [...sources.flags, ...sources.environment, ...sources.file]
    .filter(({ key }) => !known.has(key) && nameSpaces.some((prefix) => key.startsWith(prefix)))
    .map(({ key, origin }) => {
      const nearest = selectNearestName(key, known);
      const hint = nearest === undefined ? 'The reference lists all keys.' : `Did you mean ${nearest}?`;
      return new StevedoreError('ERR_OPTION_UNKNOWN', { key, origin, hint });
    });
}

function parseOption(resolved: ResolvedOption, problems: StevedoreError[]): unknown {
  const { option, text } = resolved;
  if (text === undefined) return undefined;
  try {
    return option.type.parse(text);
  } catch (error) {
    if (!(error instanceof StevedoreError)) throw error;
    const origin = resolved.setting?.origin ?? 'default';
    const problem = option.secret === true ? 'The value cannot be used.' : error.message;
    problems.push(
      new StevedoreError('ERR_OPTION_INVALID', { key: option.key, origin, problem }, { cause: error }),
    );
    return undefined;
  }
}

/**
 * Resolves a whole table. Nothing is thrown: `problems` holds every value that is wrong and every key of `nameSpaces`
 * that does not exist.
 */
export function resolveOptions<T extends OptionTable>(
  table: T,
  sources: SettingSources,
  nameSpaces: readonly string[] = [],
): Resolution<T> {
  const lookUp = createLookUp(table, sources);
  const options = Object.entries(table).map(([name, option]): ResolvedOption => {
    const setting = selectSetting(option, sources);
    const text = setting?.value ?? option.default;
    return {
      name,
      option,
      ...(setting && { setting }),
      ...(text !== undefined && { text: expandReferences(text, lookUp) }),
    };
  });
  const problems = refuseUnknown(table, sources, nameSpaces);
  const values = Object.fromEntries(
    options.map((resolved) => [resolved.name, parseOption(resolved, problems)]),
  );
  return {
    values: values as OptionValues<T>,
    options,
    warnings: options.flatMap(({ option, setting }) => warnDeprecated(option, setting)),
    problems,
    isSet: (name) => options.some((resolved) => resolved.name === name && resolved.setting !== undefined),
  };
}
