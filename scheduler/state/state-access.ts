/** Opens what a location of the state names: the directory with its lock, or ZooKeeper with its credentials and keys. */
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import { createZooKeeperClient } from '../zookeeper/client.ts';
import type { ZooKeeperClient, ZooKeeperOptions } from '../zookeeper/zookeeper-client.ts';
import { readKeyFile } from './key-file.ts';
import { NONCE_BYTES, PLAIN_RECORDS, RecordCipher } from './record-cipher.ts';
import type { RecordCodec } from './record-codec.ts';
import type { RecordStore } from './record-store.ts';
import { RecordVersions } from './record-versions.ts';
import { openSqliteRecordStore } from './sqlite-record-store.ts';
import { lockStateDirectory, prepareStateDirectory } from './state-directory.ts';
import type { SqliteLocation, ZooKeeperLocation } from './state-location.ts';
import { createLayout } from './zookeeper-layout.ts';

export interface OpenState {
  readonly records: RecordStore;
  /** For messages. */
  readonly place: string;
  readonly close: () => Promise<void>;
}

export function createCipher(key: Uint8Array, cluster: string): RecordCodec {
  return new RecordCipher({ key, cluster, nonce: () => randomBytes(NONCE_BYTES) });
}

/** What stands between the scheduler and the store. @throws StevedoreError ERR_STATE_KEY_FILE */
export function createCodecs(keyFile: string | undefined, cluster: string): RecordCodec[] {
  const protection = keyFile === undefined ? PLAIN_RECORDS : createCipher(readKeyFile(keyFile), cluster);
  return [new RecordVersions(), protection];
}

/**
 * Its directory is locked until it is closed.
 * @throws StevedoreError ERR_STATE_DIRECTORY, ERR_STATE_IN_SANDBOX, ERR_STATE_LOCKED, ERR_STATE_VERSION, ERR_STATE_KEY_FILE
 */
export function openSqliteState(location: SqliteLocation, cluster: string): OpenState {
  const codecs = createCodecs(location.keyFile, cluster);
  const place = prepareStateDirectory(location.directory);
  const lock = lockStateDirectory(place);
  try {
    const records = openSqliteRecordStore(place, codecs);
    const close = () => records.close().finally(() => lock.release());
    return { records, place, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** `user:password`. @throws StevedoreError ERR_STATE_CREDENTIALS_FILE */
function readCredentials(path: string): string {
  const refuse = (problem: string, cause?: unknown) =>
    new StevedoreError('ERR_STATE_CREDENTIALS_FILE', { path, problem }, { cause });
  try {
    if ((statSync(path).mode & 0o077) !== 0) throw refuse('others than its owner may reach it');
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    if (!/^[^:\s]+:.+$/.test(text)) throw refuse('it does not hold user:password');
    return text;
  } catch (error) {
    throw error instanceof StevedoreError ? error : refuse(messageOf(error), error);
  }
}

function readDigest({ address, credentialsFile }: ZooKeeperLocation): string | undefined {
  return credentialsFile === undefined ? address.digest : readCredentials(credentialsFile);
}

export interface ZooKeeperAccess {
  readonly client: ZooKeeperClient;
  readonly closed: boolean;
  /** Neither a key nor the operator's word makes up for nodes that everybody reads. */
  readonly needsClosed: boolean;
}

/**
 * The caller closes the client.
 * @throws StevedoreError ERR_STATE_CREDENTIALS_FILE, ERR_STATE_UNPROTECTED
 */
export function connectStateClient(
  location: ZooKeeperLocation,
  cluster: string,
  surroundings: Pick<ZooKeeperOptions, 'log' | 'signal'>,
): ZooKeeperAccess {
  const { address, sessionTimeoutMs, keyFile, unprotected } = location;
  const digest = readDigest(location);
  const needsClosed = keyFile === undefined && !unprotected;
  if (needsClosed && digest === undefined)
    throw new StevedoreError('ERR_STATE_UNPROTECTED', {
      directory: createLayout(address.path, cluster).place,
    });
  const { servers } = address;
  const options = { servers, digest, sessionTimeoutMs, chance: Math.random, ...surroundings };
  return { client: createZooKeeperClient(options), closed: digest !== undefined, needsClosed };
}
