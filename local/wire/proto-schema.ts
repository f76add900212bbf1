/**
 * Reads the part of protobuf's own language that Mesos' messages are written in. Mesos converts JSON by these
 * descriptions, so field order, defaults and "missing required" texts follow from them and from nothing else.
 */

export type Label = 'required' | 'optional' | 'repeated' | 'map';

export interface Field {
  readonly name: string;
  readonly label: Label;
  /** A scalar of protobuf, or the name of a message or an enumeration. */
  readonly type: string;
  readonly number: number;
  /** Written even when the field is unset, as Mesos does for fields that are not deprecated. */
  readonly defaultValue?: unknown;
}

export interface MessageType {
  readonly name: string;
  /** In the order of the file, which is the order of Mesos' JSON. */
  readonly fields: readonly Field[];
}

export interface Schema {
  readonly messages: ReadonlyMap<string, MessageType>;
  readonly enums: ReadonlyMap<string, ReadonlySet<string>>;
}

const BLOCK = /\b(message|enum) ([\w.]+) \{([^}]*)\}/g;
const FIELD =
  /(?:(required|optional|repeated) ([\w.]+)|(map)<string, ([\w.]+)>) (\w+) = (\d+)(?: \[default = ([^\]]+)\])?;/g;

function readField(match: RegExpExecArray): Field {
  const [, label, type, map, valueType, name, number, fallback] = match;
  return {
    name: name as string,
    label: (map ?? label) as Label,
    type: (valueType ?? type) as string,
    number: Number(number),
    ...(fallback === undefined ? {} : { defaultValue: JSON.parse(fallback) as unknown }),
  };
}

/** Nested types are written with their full name: `message CommandInfo.URI { ... }`. */
export function parseProto(text: string): Schema {
  const messages = new Map<string, MessageType>();
  const enums = new Map<string, ReadonlySet<string>>();
  for (const [, kind, name, body] of text.matchAll(BLOCK)) {
    if (kind === 'enum') enums.set(name as string, new Set((body as string).match(/\w+/g)));
    else
      messages.set(name as string, {
        name: name as string,
        fields: [...(body as string).matchAll(FIELD)].map(readField),
      });
  }
  return { messages, enums };
}

/** @throws TypeError when the schema lacks the message, which is a mistake in it. */
export function messageOf(schema: Schema, name: string): MessageType {
  const message = schema.messages.get(name);
  if (message === undefined) throw new TypeError(`the schema has no message ${name}`);
  return message;
}
