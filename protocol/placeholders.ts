/**
 * `@{name}` in a launch spec stands for what only the executor knows: where a tree was unpacked, which directory holds
 * the ramdisk. The sign differs from `${...}`, which belongs to Alluxio's and Flink's own configuration.
 */
import { StevedoreError } from './errors.ts';

export type PlaceholderValues = Readonly<Record<string, string>>;

/** Names in use: `sandbox`, `config`, `ramdisk`, `tree.<artifact>`, `file.<artifact>`, `directory.<name>`. */
const PLACEHOLDER = /@\{([\w.-]+)\}/g;

/** @throws StevedoreError ERR_PLACEHOLDER_UNKNOWN */
export function resolvePlaceholders(text: string, values: PlaceholderValues): string {
  return text.replace(PLACEHOLDER, (placeholder, name: string) => {
    const value = values[name];
    if (value !== undefined) return value;
    const known = Object.keys(values).sort().join(', ');
    throw new StevedoreError('ERR_PLACEHOLDER_UNKNOWN', { placeholder, text, known });
  });
}
