/**
 * A state as one JSON document, to be kept or taken to another store. Keys are in it only encrypted, or not at all. Pure.
 */
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import { isSealed } from './record-cipher.ts';
import type { RecordCodec } from './record-codec.ts';
import { isProtected } from './record-names.ts';

const FORMAT = 1;

/** A record as it is stored: JSON with its version, or encrypted bytes as base64. */
type ExportedRecord = { readonly version: number; readonly value: unknown } | { readonly sealed: string };

export interface StateExport {
  readonly stevedoreState: number;
  readonly cluster: string;
  readonly records: Readonly<Record<string, ExportedRecord>>;
}

export interface ExportOptions {
  readonly cluster: string;
  readonly withKeys: boolean;
  /** Encrypts keys that are stored in the open. */
  readonly cipher: RecordCodec | undefined;
}

function seal(name: string, stored: Uint8Array, cipher: RecordCodec | undefined): Uint8Array {
  if (isSealed(stored)) return stored;
  if (cipher === undefined) throw new StevedoreError('ERR_STATE_EXPORT_KEYS');
  return cipher.encode(name, stored);
}

function exportRecord(name: string, stored: Uint8Array, options: ExportOptions): ExportedRecord {
  if (isProtected(name))
    return { sealed: Buffer.from(seal(name, stored, options.cipher)).toString('base64') };
  try {
    return JSON.parse(Buffer.from(stored).toString('utf8')) as ExportedRecord;
  } catch (cause) {
    throw new StevedoreError('ERR_STATE_DAMAGED', { record: name, problem: messageOf(cause) }, { cause });
  }
}

/** @throws StevedoreError ERR_STATE_EXPORT_KEYS, ERR_STATE_DAMAGED */
export function exportState(records: ReadonlyMap<string, Uint8Array>, options: ExportOptions): StateExport {
  const names = [...records.keys()].filter((name) => options.withKeys || !isProtected(name)).sort();
  const exported = names.map(
    (name) => [name, exportRecord(name, records.get(name) as Uint8Array, options)] as const,
  );
  return { stevedoreState: FORMAT, cluster: options.cluster, records: Object.fromEntries(exported) };
}

function importRecord(record: ExportedRecord): Uint8Array {
  return 'sealed' in record ? Buffer.from(record.sealed, 'base64') : Buffer.from(JSON.stringify(record));
}

export interface ImportedState {
  readonly cluster: string;
  /** As they are stored. */
  readonly records: ReadonlyMap<string, Uint8Array>;
}

/** @throws StevedoreError ERR_STATE_EXPORT_SYNTAX, ERR_STATE_VERSION */
export function parseExport(text: string, path: string): ImportedState {
  const refuse = (problem: string) => new StevedoreError('ERR_STATE_EXPORT_SYNTAX', { path, problem });
  let parsed: Partial<StateExport> | null;
  try {
    parsed = JSON.parse(text) as Partial<StateExport> | null;
  } catch (error) {
    throw refuse(messageOf(error));
  }
  const { stevedoreState: found, cluster, records } = parsed ?? {};
  if (typeof found !== 'number' || typeof cluster !== 'string' || typeof records !== 'object')
    throw refuse('it lacks stevedoreState, cluster or records');
  if (found > FORMAT)
    throw new StevedoreError('ERR_STATE_VERSION', { directory: path, found, known: FORMAT });
  const imported = Object.entries(records).map(([name, record]) => [name, importRecord(record)] as const);
  return { cluster, records: new Map(imported) };
}

/** What to write so that a store holds exactly these records. */
export function toReplacement(
  present: Iterable<string>,
  records: ReadonlyMap<string, Uint8Array>,
): Map<string, Uint8Array | null> {
  const gone = [...present].filter((name) => !records.has(name)).map((name) => [name, null] as const);
  return new Map<string, Uint8Array | null>([...gone, ...records]);
}
