/**
 * Every stored record carries the version of its kind, so that years later a newer program reads it and an older one
 * refuses it. A kind whose shape changes gets one migration more; its version is the number of its migrations plus one.
 */
import { StevedoreError } from '../../protocol/errors.ts';
import type { RecordCodec } from './record-codec.ts';
import { KEYS } from './record-names.ts';

/** Turns the value of one version into that of the next. Pure. */
type Migration = (value: unknown) => unknown;

export interface RecordKind {
  /** Of the names that are of this kind; the longest that fits counts. */
  readonly prefix: string;
  /** What stands in the envelope: JSON as it is, other bytes as base64. */
  readonly encoding: 'json' | 'base64';
  /** The first one turns version 1 into 2. */
  readonly migrations: readonly Migration[];
}

/** Everything is JSON of version 1, unless it stands here. */
export const RECORD_KINDS: readonly RecordKind[] = [
  { prefix: '', encoding: 'json', migrations: [] },
  { prefix: KEYS, encoding: 'base64', migrations: [] },
];

interface Envelope {
  readonly version: number;
  readonly value: unknown;
}

function findKind(kinds: readonly RecordKind[], name: string): RecordKind {
  const fitting = kinds.filter(({ prefix }) => name.startsWith(prefix));
  const [kind] = fitting.toSorted((a, b) => b.prefix.length - a.prefix.length);
  if (kind === undefined) throw new Error(`no kind of record fits ${name}`);
  return kind;
}

/** What JSON.parse says quotes the text, which may be a key. */
function parseJson(stored: Uint8Array): Partial<Envelope> {
  try {
    return (JSON.parse(Buffer.from(stored).toString('utf8')) ?? {}) as Partial<Envelope>;
  } catch {
    return {};
  }
}

function parseEnvelope(name: string, stored: Uint8Array): Envelope {
  const { version, value } = parseJson(stored);
  if (version !== undefined && Number.isInteger(version) && version >= 1 && value !== undefined)
    return { version, value };
  throw new StevedoreError('ERR_STATE_DAMAGED', { record: name, problem: 'it is no JSON with a version' });
}

function migrate(kind: RecordKind, name: string, { version, value }: Envelope): unknown {
  const known = kind.migrations.length + 1;
  if (version > known)
    throw new StevedoreError('ERR_STATE_RECORD_VERSION', { record: name, found: version, known });
  return kind.migrations.slice(version - 1).reduce((migrated, migration) => migration(migrated), value);
}

export class RecordVersions implements RecordCodec {
  readonly #kinds: readonly RecordKind[];

  constructor(kinds: readonly RecordKind[] = RECORD_KINDS) {
    this.#kinds = kinds;
  }

  encode(name: string, value: Uint8Array): Uint8Array {
    const { encoding, migrations } = findKind(this.#kinds, name);
    const bytes = Buffer.from(value);
    const text = encoding === 'json' ? bytes.toString('utf8') : JSON.stringify(bytes.toString('base64'));
    return Buffer.from(`{"version":${migrations.length + 1},"value":${text}}`);
  }

  /** @throws StevedoreError ERR_STATE_DAMAGED, ERR_STATE_RECORD_VERSION */
  decode(name: string, stored: Uint8Array): Uint8Array {
    const kind = findKind(this.#kinds, name);
    const value = migrate(kind, name, parseEnvelope(name, stored));
    return kind.encoding === 'json'
      ? Buffer.from(JSON.stringify(value))
      : Uint8Array.from(Buffer.from(String(value), 'base64'));
  }
}
