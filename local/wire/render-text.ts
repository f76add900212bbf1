/** Message to protobuf's text format, in which Mesos shows two ExecutorInfos that do not fit. Unset fields are left out. */
import { type Field, type MessageType, messageOf, type Schema } from './proto-schema.ts';

type JsonObject = Readonly<Record<string, unknown>>;

function renderScalar(schema: Schema, field: Field, value: unknown): string {
  if (schema.enums.has(field.type) || typeof value !== 'string') return String(value);
  const text = field.type === 'bytes' ? Buffer.from(value, 'base64').toString('latin1') : value;
  return `"${text
    .replace(/[\\"']/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')}"`;
}

function renderEntry(schema: Schema, field: Field, value: unknown, indent: string): string {
  const message = schema.messages.get(field.type);
  if (message === undefined) return `${indent}${field.name}: ${renderScalar(schema, field, value)}\n`;
  const inside = renderFields(schema, message, value as JsonObject, `${indent}  `);
  return `${indent}${field.name} {\n${inside}${indent}}\n`;
}

function renderFields(schema: Schema, type: MessageType, value: JsonObject, indent: string): string {
  const byNumber = [...type.fields].sort((a, b) => a.number - b.number);
  return byNumber
    .flatMap((field) => {
      const member = value[field.name];
      const items = field.label === 'repeated' ? ((member ?? []) as unknown[]) : [member];
      return items
        .filter((item) => item !== undefined)
        .map((item) => renderEntry(schema, field, item, indent));
    })
    .join('');
}

export function renderText(schema: Schema, name: string, value: object): string {
  return renderFields(schema, messageOf(schema, name), value as JsonObject, '');
}
