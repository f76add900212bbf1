/** Resources and attributes as Mesos' agent flags write them: `cpus:4;ports:[31000-32000]`, `rack:r1` (docs/attributes-resources.md of Mesos). */
import { StevedoreError } from '../protocol/errors.ts';
import type { Attribute, Range, Resource } from '../protocol/mesos/resource.ts';
import { normalizeRanges } from '../protocol/resources.ts';
import { findRoleProblem } from './names.ts';
import { parseResourcesJson } from './resources-json.ts';

function splitPairs(text: string): { name: string; value: string; whole: string }[] {
  const pairs = text.split(';').filter((pair) => pair.trim() !== '');
  return pairs.map((whole) => {
    const colon = whole.indexOf(':');
    if (colon < 1) throw new StevedoreError('ERR_LOCAL_RESOURCES_SYNTAX', { value: whole, text });
    return { name: whole.slice(0, colon).trim(), value: whole.slice(colon + 1).trim(), whole };
  });
}

function parseRanges(value: string): Range[] | undefined {
  const inside = /^\[([\d\s,-]+)\]$/.exec(value)?.[1];
  const ranges = inside?.split(',').map((piece) => /^\s*(\d+)\s*-\s*(\d+)\s*$/.exec(piece));
  if (ranges === undefined || ranges.includes(null)) return undefined;
  return normalizeRanges(ranges.map((match) => ({ begin: Number(match?.[1]), end: Number(match?.[2]) })));
}

function parseScalar(value: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

function parseSet(value: string): string[] | undefined {
  const inside = /^\{([^{}]*)\}$/.exec(value)?.[1];
  return inside?.split(',').map((item) => item.trim());
}

/** `cpus(role)` is reserved for the role. */
function parseName(text: string): Pick<Resource, 'name' | 'reservations'> | undefined {
  const [, name, role] = /^([^()]+)(?:\(([^()]+)\))?$/.exec(text) ?? [];
  if (name === undefined) return undefined;
  if (role === undefined || role === '*') return { name };
  return findRoleProblem(role) === undefined ? { name, reservations: [{ type: 'STATIC', role }] } : undefined;
}

function parseValue(value: string): Pick<Resource, 'type' | 'scalar' | 'ranges' | 'set'> | undefined {
  const scalar = parseScalar(value);
  if (scalar !== undefined) return { type: 'SCALAR', scalar: { value: scalar } };
  const range = parseRanges(value);
  if (range !== undefined) return { type: 'RANGES', ranges: { range } };
  const item = parseSet(value);
  return item && { type: 'SET', set: { item } };
}

/** @throws StevedoreError ERR_LOCAL_RESOURCES_SYNTAX, ERR_LOCAL_RESOURCES_JSON */
export function parseResources(text: string): Resource[] {
  if (text.trimStart().startsWith('[')) return parseResourcesJson(text);
  return splitPairs(text).map(({ name, value, whole }): Resource => {
    const [named, quantity] = [parseName(name), parseValue(value)];
    if (named === undefined || quantity === undefined)
      throw new StevedoreError('ERR_LOCAL_RESOURCES_SYNTAX', { value: whole, text });
    return { ...named, ...quantity };
  });
}

/** @throws StevedoreError ERR_LOCAL_RESOURCES_SYNTAX */
export function parseAttributes(text: string): Attribute[] {
  return splitPairs(text).map(({ name, value, whole }): Attribute => {
    // A real agent ends on a set here.
    if (parseSet(value) !== undefined)
      throw new StevedoreError('ERR_LOCAL_RESOURCES_SYNTAX', { value: whole, text });
    const scalar = parseScalar(value);
    if (scalar !== undefined) return { name, type: 'SCALAR', scalar: { value: scalar } };
    const range = parseRanges(value);
    if (range !== undefined) return { name, type: 'RANGES', ranges: { range } };
    return { name, type: 'TEXT', text: { value } };
  });
}
