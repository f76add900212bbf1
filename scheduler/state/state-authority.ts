/** The CA of the artifact server in the state, so that executors go on trusting whichever scheduler leads. */
import {
  type AuthorityName,
  type AuthorityStore,
  createAuthorityDirectory,
} from '../../server/artifact-server.ts';
import { KEYS } from './record-names.ts';
import type { RecordStore } from './record-store.ts';

const RECORDS: Readonly<Record<AuthorityName, string>> = {
  'ca-with-key.pem': `${KEYS}certificate-authority`,
  'former-cas.pem': `${KEYS}former-certificate-authorities`,
};

export interface StateAuthorityOptions {
  readonly records: RecordStore;
  /** Of the state, for messages. */
  readonly place: string;
  /** Where a CA lies that was made before it was kept in the state: running executors trust that one. */
  readonly formerDirectory: string;
}

/** Only the scheduler that leads writes, so nobody is first. */
export function createStateAuthority(options: StateAuthorityOptions): AuthorityStore {
  const { records, place, formerDirectory } = options;
  const former = createAuthorityDirectory(formerDirectory);
  const write = (name: AuthorityName, text: string) =>
    records.write(new Map([[RECORDS[name], Buffer.from(text)]]));
  return {
    describe: (name) => `${RECORDS[name]} in ${place}`,
    read: async (name) => {
      const kept = (await records.read()).get(RECORDS[name]);
      if (kept !== undefined) return Buffer.from(kept).toString('utf8');
      const found = await former.read(name);
      if (found !== undefined) await write(name, found);
      return found;
    },
    create: write,
    replace: write,
  };
}
