/** What `stevedore state` does; each resolves to what is printed. */
import { readFileSync } from 'node:fs';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import { withExclusiveState } from '../leadership/exclusive-state.ts';
import { readKeyFile } from '../state/key-file.ts';
import { isSealed } from '../state/record-cipher.ts';
import { CLUSTER_KEY_RECORD, isProtected } from '../state/record-names.ts';
import { createCipher, createCodecs } from '../state/state-access.ts';
import { exportState, parseExport, toReplacement } from '../state/state-export.ts';
import { readStoredRecords } from '../state/state-reading.ts';
import { decodeRecords } from '../state/state-verification.ts';
import { STATE_USAGE, type StateCommandOptions } from './state-flags.ts';

function refuse(problem: string): StevedoreError {
  return new StevedoreError('ERR_COMMAND_LINE', { problem, usage: STATE_USAGE });
}

function createOwnCodecs({ location, cluster }: StateCommandOptions) {
  return createCodecs(location.keyFile, cluster);
}

export async function showState(options: StateCommandOptions): Promise<string> {
  const { location, cluster } = options;
  const codecs = createOwnCodecs(options);
  const { place, records } = await readStoredRecords(location, cluster);
  decodeRecords(records, { cluster, place, codecs });
  const rows = [...records]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, stored]) => {
      const protection = isProtected(name) ? (isSealed(stored) ? '  encrypted' : '  not encrypted') : '';
      return `${String(stored.length).padStart(9)}  ${name}${protection}\n`;
    });
  return `${place}: ${records.size} records of cluster ${cluster}\n${rows.join('')}`;
}

export async function writeExport(options: StateCommandOptions): Promise<string> {
  const { location, cluster, withKeys } = options;
  const { place, records } = await readStoredRecords(location, cluster);
  const key = location.keyFile === undefined ? undefined : readKeyFile(location.keyFile);
  const cipher = key && createCipher(key, cluster);
  if (records.size === 0) throw new StevedoreError('ERR_STATE_MISSING', { cluster, directory: place });
  const exported = exportState(records, { cluster, withKeys, cipher });
  return `${JSON.stringify(exported, undefined, 1)}\n`;
}

function readExport({ from, cluster }: StateCommandOptions) {
  if (from === undefined) throw refuse('--from is missing');
  let text: string;
  try {
    text = readFileSync(from, 'utf8');
  } catch (cause) {
    throw new StevedoreError('ERR_STATE_EXPORT_SYNTAX', { path: from, problem: messageOf(cause) }, { cause });
  }
  const imported = parseExport(text, from);
  if (imported.cluster !== cluster)
    throw new StevedoreError('ERR_STATE_CLUSTER', { directory: from, found: imported.cluster, cluster });
  return { from, records: imported.records };
}

export async function importState(options: StateCommandOptions): Promise<string> {
  const { location, cluster, replace } = options;
  const { from, records } = readExport(options);
  decodeRecords(records, { cluster, place: from, codecs: createOwnCodecs(options) });
  const place = await withExclusiveState(location, cluster, async (store, directory) => {
    const present = await store.read();
    if (present.size > 0 && !replace)
      throw new StevedoreError('ERR_STATE_NOT_EMPTY', { directory, count: present.size });
    await store.write(toReplacement(present.keys(), records));
    return directory;
  });
  const keys = records.has(CLUSTER_KEY_RECORD)
    ? ''
    : 'It holds no keys: new ones are made, and tasks that are still fetching are refused.\n';
  return `${place}: ${records.size} records imported from ${from}\n${keys}`;
}

/** The keys as they lie under the new protection. */
export async function rekeyState(options: StateCommandOptions): Promise<string> {
  const { location, cluster, newKeyFile, decrypted } = options;
  if ((newKeyFile !== undefined) === decrypted)
    throw refuse('either --new-key-file or --decrypted is needed');
  const codecs = [createOwnCodecs(options), createCodecs(newKeyFile, cluster)] as const;
  // Without a key the nodes themselves must be closed to others.
  const target = { ...location, keyFile: newKeyFile };
  return await withExclusiveState(target, cluster, async (store, place) => {
    const stored = await store.read();
    const changes = [...stored.keys()].filter(isProtected);
    const [from, to] = codecs.map(([, protection]) => protection);
    decodeRecords(stored, { cluster, place, codecs: codecs[0] });
    const renewed = changes.map((name) => {
      const plain = from?.decode(name, stored.get(name) as Uint8Array) as Uint8Array;
      return [name, to?.encode(name, plain) as Uint8Array] as const;
    });
    await store.write(new Map(renewed));
    return `${place}: ${changes.length} keys are ${decrypted ? 'no longer encrypted' : `encrypted with ${newKeyFile}`}\n`;
  });
}
