/** Message to JSON as Mesos writes it: fields in the order of the .proto, defaults spelled out, doubles with a point. */
import { type Field, type MessageType, messageOf, type Schema } from './proto-schema.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** `15` as `15.0`: Mesos' JSON tells doubles from integers. */
function renderDouble(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : String(value);
}

function renderValue(schema: Schema, field: Field, value: unknown): string {
  if (field.type === 'double') return renderDouble(value as number);
  const message = schema.messages.get(field.type);
  return message === undefined ? JSON.stringify(value) : renderFields(schema, message, value as JsonObject);
}

function renderMap(schema: Schema, field: Field, value: JsonObject): string {
  const entries = Object.entries(value);
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${renderValue(schema, field, entry)}`).join(',')}}`;
}

function renderField(schema: Schema, field: Field, value: unknown): string {
  if (field.label === 'map') return renderMap(schema, field, value as JsonObject);
  if (field.label !== 'repeated') return renderValue(schema, field, value);
  return `[${(value as unknown[]).map((item) => renderValue(schema, field, item)).join(',')}]`;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function renderFields(schema: Schema, type: MessageType, value: JsonObject): string {
  const members = type.fields.flatMap((field) => {
    const member = value[field.name] ?? field.defaultValue;
    if (member === undefined || isEmptyList(member)) return [];
    return [`${JSON.stringify(field.name)}:${renderField(schema, field, member)}`];
  });
  return `{${members.join(',')}}`;
}

/** Fields that the schema lacks are left out. */
export function renderJson(schema: Schema, name: string, value: object): string {
  return renderFields(schema, messageOf(schema, name), value as JsonObject);
}
