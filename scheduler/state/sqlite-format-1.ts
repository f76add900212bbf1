/** The first format of the state: two tables of bare values. What it held becomes records of the present format. */
import type { DatabaseSync } from 'node:sqlite';
import {
  CLUSTER_KEY_RECORD,
  CLUSTER_RECORD,
  FRAMEWORK_ID_RECORD,
  INSTANCES,
  SERVED_PORTS_RECORD,
} from './record-names.ts';
import type { RecordCodec } from './record-codec.ts';

export interface Format1 {
  readonly facts: ReadonlyMap<string, Uint8Array>;
  /** JSON by the instance's name. */
  readonly instances: ReadonlyMap<string, string>;
}

export function readFormat1(database: DatabaseSync): Format1 {
  const facts = database.prepare('SELECT name, value FROM facts').all();
  const instances = database.prepare('SELECT name, record FROM instances').all();
  return {
    facts: new Map(facts.map(({ name, value }) => [name as string, value as Uint8Array])),
    instances: new Map(instances.map(({ name, record }) => [name as string, record as string])),
  };
}

/** Texts were bare there. */
function toJson(text: Uint8Array): Uint8Array {
  return Buffer.from(JSON.stringify(Buffer.from(text).toString('utf8')));
}

/** What each fact is called now; the digest of the former configuration has no successor. */
const RENAMED: readonly (readonly [string, string, (value: Uint8Array) => Uint8Array])[] = [
  ['cluster', CLUSTER_RECORD, toJson],
  ['framework-id', FRAMEWORK_ID_RECORD, toJson],
  ['cluster-key', CLUSTER_KEY_RECORD, (key) => key],
  ['served-ports', SERVED_PORTS_RECORD, (json) => json],
];

/** Pure. `versions` puts the version around each, which the first format did not have. */
export function migrateFormat1(
  { facts, instances }: Format1,
  versions: RecordCodec,
): Map<string, Uint8Array> {
  const records = new Map<string, Uint8Array>();
  for (const [fact, name, convert] of RENAMED) {
    const value = facts.get(fact);
    if (value !== undefined) records.set(name, convert(value));
  }
  for (const [name, json] of instances) records.set(INSTANCES + name, Buffer.from(json));
  return new Map([...records].map(([name, value]) => [name, versions.encode(name, value)]));
}
