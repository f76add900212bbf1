/** Whether stored records can be read with the keys at hand and are of the right cluster, before anything is done with them. */
import { StevedoreError } from '../../protocol/errors.ts';
import type { RecordCodec } from './record-codec.ts';
import { CLUSTER_RECORD } from './record-names.ts';

export interface Expected {
  readonly cluster: string;
  /** For messages. */
  readonly place: string;
  /** As of a store: the first next to the user. */
  readonly codecs: readonly RecordCodec[];
}

/** What the user of the store sees. @throws StevedoreError ERR_STATE_CLUSTER, ERR_STATE_KEY_*, ERR_STATE_DAMAGED, ERR_STATE_RECORD_VERSION */
export function decodeRecords(
  stored: ReadonlyMap<string, Uint8Array>,
  { cluster, place, codecs }: Expected,
): Map<string, Uint8Array> {
  const decode = (name: string, bytes: Uint8Array) =>
    codecs.reduceRight((value, codec) => codec.decode(name, value), bytes);
  const owner = stored.get(CLUSTER_RECORD);
  const found = owner && (JSON.parse(Buffer.from(decode(CLUSTER_RECORD, owner)).toString('utf8')) as string);
  if (found !== undefined && found !== cluster)
    throw new StevedoreError('ERR_STATE_CLUSTER', { directory: place, found, cluster });
  return new Map([...stored].map(([name, bytes]) => [name, decode(name, bytes)]));
}
