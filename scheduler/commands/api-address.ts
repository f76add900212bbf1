/** Which scheduler a command asks: the one of a state directory on this host, or one elsewhere over TLS. */
import { readAccessFile } from '../api/access-token.ts';
import type { ApiAddress } from '../api/client.ts';
import { misuse } from './command-flags.ts';
import type { CommandFlags, FlagValues } from './operator-command.ts';

/** Where `make up` keeps its state. */
const UP_STATE_DIRECTORY = '.stevedore/run/state';

export const ADDRESS_FLAGS = {
  'state-dir': {
    type: 'string',
    value: 'DIR',
    help: `state directory of a scheduler on this host (default ${UP_STATE_DIRECTORY})`,
  },
  api: { type: 'string', value: 'URL', help: 'https://host:port of a scheduler elsewhere' },
  'token-file': { type: 'string', value: 'FILE', help: 'its token: a copy of the file api-token' },
  ca: { type: 'string', value: 'FILE', help: "CA of its certificate (default: the system's)" },
} as const satisfies CommandFlags;

/** The token goes nowhere in the clear. */
function readUrl(text: string, usage: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.pathname !== '/' || url.search !== '')
    throw misuse(`--api is '${text}', not https://host:port`, usage);
  return url.origin;
}

/** @throws StevedoreError ERR_COMMAND_LINE, ERR_API_FILE */
export function toApiAddress(values: FlagValues, usage: string): ApiAddress {
  const text = (name: keyof typeof ADDRESS_FLAGS) => values[name] as string | undefined;
  const [directory, api, tokenFile, ca] = [text('state-dir'), text('api'), text('token-file'), text('ca')];
  if (api === undefined) {
    if ((tokenFile ?? ca) !== undefined) throw misuse('--token-file and --ca go with --api', usage);
    return directory ?? UP_STATE_DIRECTORY;
  }
  if (directory !== undefined) throw misuse('either --state-dir or --api, not both', usage);
  if (tokenFile === undefined) throw misuse('--api needs --token-file', usage);
  const url = readUrl(api, usage);
  return { url, token: readAccessFile(tokenFile), ...(ca !== undefined && { ca: readAccessFile(ca) }) };
}
