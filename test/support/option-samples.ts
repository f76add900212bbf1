/** Texts that options may have, and back from the configuration that is printed. */
import fc from 'fast-check';
import type { OptionDefinition, OptionTable } from '../../config/option-table.ts';

const BY_TYPE: Readonly<Record<string, fc.Arbitrary<string>>> = {
  text: fc.string({ unit: 'grapheme-ascii' }).filter((text) => !text.includes('${')),
  boolean: fc.constantFrom('true', 'FALSE'),
  port: fc.nat(65_535).map(String),
  integer: fc.integer({ min: 1, max: 3 }).map(String),
  number: fc.constantFrom('0.5', '2', '.25'),
  size: fc.integer({ min: 1, max: 1000 }).map((count) => `${count}MB`),
  duration: fc.integer({ min: 1, max: 1000 }).map((count) => `${count}min`),
  list: fc.constantFrom('GPU_RESOURCES', 'REGION_AWARE, REVOCABLE_RESOURCES', ''),
  role: fc.constantFrom('*', 'storage', 'eng/data'),
  roles: fc.constantFrom('*', 'a, b', 'eng/data,storage'),
  labels: fc.constantFrom('team:data', 'a:b:c,d:'),
  constraints: fc.constantFrom('hostname:UNIQUE', '[["rack","LIKE","a.*"]]', 'rack:LIKE:\\d+\\,x'),
  'host attributes': fc.constantFrom('rack:a1,HOSTNAME:h7'),
  URL: fc.constantFrom('http://h:1/x', 'https://h'),
  'serial \\| canary \\| number': fc.constantFrom('serial', 'canary', '7'),
  'number \\| initial-workers': fc.constantFrom('-1', '0', '12', 'initial-workers'),
};

/** Undefined: the type is not known here. */
export function sampleOf({ type }: OptionDefinition): fc.Arbitrary<string> | undefined {
  if (type.name in BY_TYPE) return BY_TYPE[type.name];
  const words = type.name.split(' \\| ');
  return words.length > 1 ? fc.constantFrom(...words) : undefined;
}

/** Any options of a table, each with a text of its type, as a file has them. */
export function arbitraryFile(table: OptionTable): fc.Arbitrary<Partial<Record<string, string>>> {
  const texts = Object.values(table).map((option) => [
    option.key,
    sampleOf(option) ?? fc.constant('no sample'),
  ]);
  return fc.record(Object.fromEntries(texts), { requiredKeys: [] });
}

/** Reads what was printed as a person would who puts it into a file. */
export function readDump(dump: string): Record<string, string> {
  const lines = [...dump.matchAll(/^(\S+) = (".*") {2}# (.*)$/gm)];
  return Object.fromEntries(lines.map(([, key, json]) => [key, JSON.parse(json as string) as string]));
}

/** Those that are printed as they are. */
export function selectShown(table: OptionTable, values: object): [string, unknown][] {
  return Object.entries(values).filter(([name]) => {
    const { secret, display } = table[name] ?? {};
    return secret !== true && display === undefined;
  });
}
