/**
 * JSON to message as Mesos does it (stout's protobuf.hpp): unknown fields and nulls are dropped, numbers may be strings,
 * and what is wrong is told in its words.
 */
import { type Field, type MessageType, messageOf, type Schema } from './proto-schema.ts';

/** The body is no such message. The text goes into a 400 answer. */
export class ConversionError extends Error {}

type JsonObject = Readonly<Record<string, unknown>>;

const NUMBERS = new Set(['double', 'int32', 'int64', 'uint32', 'uint64']);

/** Where the JSON breaks off, up to the end of that line, as picojson tells it. */
function nearText(text: string, problem: string): string {
  const position = /position (\d+)/.exec(problem)?.[1];
  if (/end of JSON/.test(problem)) return '';
  return text.slice(Number(position ?? 0)).split('\n', 1)[0] as string;
}

/** @throws ConversionError with the text of Mesos' own parser. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const near = nearText(text, (error as Error).message);
    throw new ConversionError(`Failed to parse body into JSON: syntax error at line 1 near: ${near}`);
  }
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

function unexpected(field: Field, value: unknown): ConversionError {
  return new ConversionError(`Not expecting a JSON ${kindOf(value)} for field '${field.name}'`);
}

function readNumber(field: Field, value: unknown): number {
  const number = typeof value === 'string' ? Number(value.replace(/^-?inf$/i, '$&inity')) : value;
  if (typeof number !== 'number') throw unexpected(field, value);
  if (Number.isNaN(number)) throw new ConversionError(`Failed to convert '${String(value)}' to a number`);
  return number;
}

function readBytes(field: Field, value: unknown): string {
  if (typeof value !== 'string') throw unexpected(field, value);
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value))
    throw new ConversionError(`Failed to base64 decode bytes field '${field.name}'`);
  return value;
}

function readEnum(schema: Schema, field: Field, value: unknown): unknown {
  if (typeof value !== 'string') throw unexpected(field, value);
  if (schema.enums.get(field.type)?.has(value)) return value;
  if (field.label === 'required')
    throw new ConversionError(`Failed to find enum for '${value}' in field '${field.name}'`);
  return undefined;
}

function readValue(schema: Schema, field: Field, value: unknown): unknown {
  if (NUMBERS.has(field.type)) return readNumber(field, value);
  if (field.type === 'bytes') return readBytes(field, value);
  if (schema.enums.has(field.type)) return readEnum(schema, field, value);
  const expected = { string: 'string', bool: 'boolean' }[field.type] ?? 'object';
  if (kindOf(value) !== expected) throw unexpected(field, value);
  return expected === 'object'
    ? readFields(schema, messageOf(schema, field.type), value as JsonObject)
    : value;
}

function readMap(schema: Schema, field: Field, value: unknown): unknown {
  if (kindOf(value) !== 'object') throw unexpected(field, value);
  const entries = Object.entries(value as JsonObject);
  return Object.fromEntries(entries.map(([key, entry]) => [key, readValue(schema, field, entry)]));
}

function readField(schema: Schema, field: Field, value: unknown): unknown {
  if (field.label === 'map') return readMap(schema, field, value);
  if (field.label !== 'repeated') return readValue(schema, field, value);
  const items = Array.isArray(value) ? value : [value];
  return items.map((item: unknown) => readValue(schema, field, item));
}

function readFields(schema: Schema, type: MessageType, json: JsonObject): JsonObject {
  const result: Record<string, unknown> = {};
  for (const field of type.fields) {
    const value = json[field.name];
    if (value === undefined || value === null) continue;
    const read = readField(schema, field, value);
    if (read !== undefined) result[field.name] = read;
  }
  return result;
}

/** Paths of unset required fields: a message's own first, then those inside it, as protobuf lists them. */
function missingFields(schema: Schema, type: MessageType, value: JsonObject, prefix: string): string[] {
  const own = type.fields.filter((field) => field.label === 'required' && value[field.name] === undefined);
  const inner = type.fields.flatMap((field) => {
    const inside = schema.messages.get(field.type);
    if (inside === undefined || value[field.name] === undefined) return [];
    if (field.label === 'map') return [];
    if (field.label !== 'repeated')
      return missingFields(schema, inside, value[field.name] as JsonObject, `${prefix}${field.name}.`);
    return (value[field.name] as JsonObject[]).flatMap((item, index) =>
      missingFields(schema, inside, item, `${prefix}${field.name}[${index}].`),
    );
  });
  return [...own.map((field) => prefix + field.name), ...inner];
}

/** @throws ConversionError */
export function readMessage(schema: Schema, name: string, json: unknown): unknown {
  const failure = `Failed to convert JSON into ${name} protobuf: `;
  try {
    if (kindOf(json) !== 'object' || json === null) throw new ConversionError('Expecting a JSON object');
    const value = readFields(schema, messageOf(schema, name), json as JsonObject);
    const missing = missingFields(schema, messageOf(schema, name), value, '');
    if (missing.length > 0) throw new ConversionError(`Missing required fields: ${missing.join(', ')}`);
    return value;
  } catch (error) {
    throw error instanceof ConversionError ? new ConversionError(failure + error.message) : error;
  }
}
