/** Sizes as Alluxio, Flink and Mesos write them: every unit is a power of 1024; past this door they are whole bytes. */
import { StevedoreError } from './errors.ts';

const POWER: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4, p: 5 };
const RENDER_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/**
 * Reads `1024MB`, `4GiB`, `512m`, `0.5g`, or a bare number of bytes (Alluxio's FormatUtils.parseSpaceSize).
 * @throws StevedoreError ERR_BYTE_SIZE_SYNTAX
 */
export function parseByteSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgtp]?)(?:i?b|bytes)?$/.exec(text.trim().toLowerCase());
  const power = POWER[match?.[2] ?? '?'];
  if (match === null || power === undefined)
    throw new StevedoreError('ERR_BYTE_SIZE_SYNTAX', { value: text });
  return Math.floor(Number(match[1]) * 1024 ** power);
}

/** Writes bytes for people, as `147.2 MiB`. */
export function renderByteSize(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < RENDER_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${RENDER_UNITS[unit]}`;
}
