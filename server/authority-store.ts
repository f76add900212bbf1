/** Where the CA outlives this process: a directory by default, the state of a scheduler where several take turns. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFileAtomically, writeFileAtomically } from './atomic-file.ts';

/** The key and certificate of the CA in one text, or the certificates of those before it. */
export type AuthorityName = 'ca-with-key.pem' | 'former-cas.pem';

export interface AuthorityStore {
  /** Where that is, for messages. */
  describe(name: AuthorityName): string;
  /** Undefined: there is none. */
  read(name: AuthorityName): Promise<string | undefined>;
  /** Leaves alone what another process was first to make. */
  create(name: AuthorityName, text: string): Promise<void>;
  replace(name: AuthorityName, text: string): Promise<void>;
}

/** Files of mode 0600. The directory exists. */
export function createAuthorityDirectory(directory: string): AuthorityStore {
  const pathOf = (name: AuthorityName) => join(directory, name);
  return {
    describe: pathOf,
    read: (name) =>
      readFile(pathOf(name), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      }),
    create: async (name, text) => void (await createFileAtomically(pathOf(name), text)),
    replace: (name, text) => writeFileAtomically(pathOf(name), text),
  };
}
