/** `stevedore state`: shows, exports, imports and encrypts anew what schedulers must not forget. */
import { StevedoreError } from '../../protocol/errors.ts';
import { importState, rekeyState, showState, writeExport } from './state-commands.ts';
import { STATE_USAGE, type StateCommandOptions, parseStateFlags } from './state-flags.ts';

const VERBS: Readonly<Record<string, (options: StateCommandOptions) => Promise<string>>> = {
  show: showState,
  export: writeExport,
  import: importState,
  rekey: rekeyState,
};

export async function main(argv: readonly string[]): Promise<number> {
  const [word = '', ...rest] = argv;
  const isHelp = word === '--help' || word === '-h';
  const verb = Object.hasOwn(VERBS, word) ? VERBS[word] : undefined;
  if (verb === undefined && !isHelp)
    throw new StevedoreError('ERR_COMMAND_LINE', {
      problem: `'${word}' is none of ${Object.keys(VERBS).join(', ')}`,
      usage: STATE_USAGE,
    });
  const options = isHelp ? undefined : parseStateFlags(rest);
  process.stdout.write(
    options === undefined || verb === undefined ? `${STATE_USAGE}\n` : await verb(options),
  );
  return 0;
}
