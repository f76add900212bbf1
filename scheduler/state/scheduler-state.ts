/** What a scheduler must still know after it was killed, as types over the records of its store. */
import { randomBytes } from 'node:crypto';
import { StevedoreError } from '../../protocol/errors.ts';
import type { EngineEffect } from '../core/engine-effects.ts';
import type { EngineFacts } from '../core/engine-facts.ts';
import type { StoredEngine } from '../core/engine-start.ts';
import type { InstanceRecord } from '../core/instance.ts';
import {
  CLUSTER_KEY_RECORD,
  CLUSTER_RECORD,
  FRAMEWORK_ID_RECORD,
  INSTANCES,
  PROTECTED,
  SERVED_PORTS_RECORD,
  TORN_DOWN_RECORD,
} from './record-names.ts';
import type { RecordStore } from './record-store.ts';

export interface ServedPorts {
  readonly tls: number;
  readonly plain: number;
}

export type StateChange = Omit<Extract<EngineEffect, { kind: 'persist' }>, 'kind'>;

const FACTS = 'facts/';
/** They hold the operator's secrets. */
const SNAPSHOTS = `${PROTECTED}configuration/`;

function toBytes(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

function fromBytes<T>(bytes: Uint8Array | undefined): T | undefined {
  return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString('utf8')) as T);
}

function listNamed<T>(records: ReadonlyMap<string, Uint8Array>, prefix: string): [string, T][] {
  return [...records]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, bytes]) => [name.slice(prefix.length), fromBytes<T>(bytes) as T]);
}

/** The records that a change of the engine touches; null: gone. */
export function toRecordChanges(change: StateChange): Map<string, Uint8Array | null> {
  const changes = new Map<string, Uint8Array | null>();
  changes.set(FRAMEWORK_ID_RECORD, change.frameworkId === null ? null : toBytes(change.frameworkId));
  for (const name of change.removed) changes.set(INSTANCES + name, null);
  for (const instance of change.changed) changes.set(INSTANCES + instance.name, toBytes(instance));
  for (const [name, fact] of Object.entries(change.facts))
    changes.set(FACTS + name, fact === undefined ? null : toBytes(fact));
  return changes;
}

export class SchedulerState {
  /** 32 bytes that task tokens are made with. */
  readonly clusterKey: Uint8Array;
  /** As it was when the state was opened. */
  readonly stored: StoredEngine;
  /** Ports that the artifact server had. */
  readonly servedPorts: ServedPorts | undefined;
  /** When an operator last had the service torn down. */
  readonly tornDownAtMs: number | undefined;
  /** Configurations that the service can be built from again, by digest. */
  readonly snapshots: Map<string, string>;
  readonly #store: RecordStore;

  constructor(store: RecordStore, records: ReadonlyMap<string, Uint8Array>) {
    this.#store = store;
    this.clusterKey = Uint8Array.from(records.get(CLUSTER_KEY_RECORD) ?? []);
    this.snapshots = new Map(listNamed<string>(records, SNAPSHOTS));
    this.servedPorts = fromBytes<ServedPorts>(records.get(SERVED_PORTS_RECORD));
    this.tornDownAtMs = fromBytes<number>(records.get(TORN_DOWN_RECORD));
    this.stored = {
      frameworkId: fromBytes<string>(records.get(FRAMEWORK_ID_RECORD)),
      instances: listNamed<InstanceRecord>(records, INSTANCES).map(([, instance]) => instance),
      facts: Object.fromEntries(listNamed<unknown>(records, FACTS)) as EngineFacts,
    };
  }

  /** All of it or nothing; durable when it resolves. */
  persist(changes: ReadonlyMap<string, Uint8Array | null>): Promise<void> {
    return this.#store.write(changes);
  }

  /** Nothing of the service is left in Mesos: who was started to run it before that moment is to end, too. */
  persistTornDown(change: StateChange, atMs: number): Promise<void> {
    return this.#store.write(toRecordChanges(change).set(TORN_DOWN_RECORD, toBytes(atMs)));
  }

  /** Keeps this snapshot, those that are named, and no other. */
  async persistSnapshot(digest: string, snapshot: string, kept: readonly string[]): Promise<void> {
    const dropped = [...this.snapshots.keys()].filter((name) => name !== digest && !kept.includes(name));
    const changes = new Map<string, Uint8Array | null>(dropped.map((name) => [SNAPSHOTS + name, null]));
    if (!this.snapshots.has(digest)) changes.set(SNAPSHOTS + digest, toBytes(snapshot));
    if (changes.size > 0) await this.#store.write(changes);
    for (const name of dropped) this.snapshots.delete(name);
    this.snapshots.set(digest, snapshot);
  }

  persistServedPorts(ports: ServedPorts): Promise<void> {
    return this.#store.write(new Map([[SERVED_PORTS_RECORD, toBytes(ports)]]));
  }
}

/** Reads everything; a store that is new gets the cluster's name and a key. @throws StevedoreError ERR_STATE_CLUSTER */
export async function openSchedulerState(
  store: RecordStore,
  cluster: string,
  location: string,
): Promise<SchedulerState> {
  const records = new Map(await store.read());
  const owner = fromBytes<string>(records.get(CLUSTER_RECORD));
  if (owner !== undefined && owner !== cluster)
    throw new StevedoreError('ERR_STATE_CLUSTER', { directory: location, found: owner, cluster });
  const fresh = new Map<string, Uint8Array>();
  if (owner === undefined) fresh.set(CLUSTER_RECORD, toBytes(cluster));
  // Missing also after the import of an export without keys.
  if (!records.has(CLUSTER_KEY_RECORD)) fresh.set(CLUSTER_KEY_RECORD, Uint8Array.from(randomBytes(32)));
  if (fresh.size > 0) await store.write(fresh);
  for (const [name, value] of fresh) records.set(name, value);
  return new SchedulerState(store, records);
}
