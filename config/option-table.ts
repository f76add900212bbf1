/**
 * The one table of a program's options. Everything that somebody can know of an option is declared here once; values,
 * `--help`, the reference page and the printed configuration are made from it.
 */
import type { OptionType } from './option-types.ts';

export interface OptionDefinition<T = unknown> {
  /** As it is written in files and after -D. */
  readonly key: string;
  readonly type: OptionType<T>;
  /** As text, read like any other value. */
  readonly default?: string;
  /** Other names with the same meaning, without a warning. */
  readonly aliases?: readonly string[];
  /** Names of earlier versions: they work, and the operator is told the new one. */
  readonly deprecated?: readonly string[];
  /** Variables of the environment, the first that is set counts. */
  readonly environment?: readonly string[];
  /** Flag of the command line without dashes. */
  readonly flag?: string;
  readonly section: string;
  readonly doc: string;
  /** Never printed. */
  readonly secret?: boolean;
  /** What is printed instead of a text that may hold a password. */
  readonly display?: (text: string) => string;
}

export type OptionTable = Readonly<Record<string, OptionDefinition>>;

type ValueOf<D extends OptionDefinition> = D extends { readonly type: OptionType<infer T> }
  ? D extends { readonly default: string }
    ? T
    : T | undefined
  : never;

/** Names of the table with typed values. */
export type OptionValues<T extends OptionTable> = { readonly [N in keyof T]: ValueOf<T[N]> };

/** One value that somebody wrote somewhere. */
export interface Setting {
  readonly key: string;
  readonly value: string;
  /** For people: `conf/alluxio-site.properties:12`, `-D on the command line`, `environment variable X`. */
  readonly origin: string;
}

/** Where settings come from, the strongest first. */
export interface SettingSources {
  readonly flags: readonly Setting[];
  readonly environment: readonly Setting[];
  readonly file: readonly Setting[];
}

/** Every name that an option answers to. */
export function listKeys(option: OptionDefinition): string[] {
  return [option.key, ...(option.aliases ?? []), ...(option.deprecated ?? [])];
}

/** The settings that a table finds in an environment. */
export function collectEnvironment(
  table: OptionTable,
  environment: Readonly<Record<string, string | undefined>>,
): Setting[] {
  return Object.values(table).flatMap((option) => {
    const name = option.environment?.find((variable) => (environment[variable] ?? '') !== '');
    if (name === undefined) return [];
    return [{ key: option.key, value: environment[name] as string, origin: `environment variable ${name}` }];
  });
}
