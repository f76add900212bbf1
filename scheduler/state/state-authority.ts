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

async function readKept({ records }: StateAuthorityOptions): Promise<Map<AuthorityName, string>> {
  const stored = await records.read();
  const found = (Object.keys(RECORDS) as AuthorityName[]).flatMap((name) => {
    const bytes = stored.get(RECORDS[name]);
    return bytes === undefined ? [] : [[name, Buffer.from(bytes).toString('utf8')] as const];
  });
  return new Map(found);
}

/** Only the scheduler that leads writes, so nobody is first, and what was read once stays true. */
export function createStateAuthority(options: StateAuthorityOptions): AuthorityStore {
  const former = createAuthorityDirectory(options.formerDirectory);
  let reading: Promise<Map<AuthorityName, string>> | undefined;
  const readAll = () => (reading ??= readKept(options));
  const write = async (name: AuthorityName, text: string) => {
    await options.records.write(new Map([[RECORDS[name], Buffer.from(text)]]));
    (await readAll()).set(name, text);
  };
  return {
    describe: (name) => `${RECORDS[name]} in ${options.place}`,
    read: async (name) => {
      const kept = (await readAll()).get(name) ?? (await former.read(name));
      if (kept !== undefined && !(await readAll()).has(name)) await write(name, kept);
      return kept;
    },
    create: write,
    replace: write,
  };
}
