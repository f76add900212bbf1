/** Reads `--name value` and `--name=value` of the small commands. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { selectNearestName } from '../../config/nearest-name.ts';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';

/** What the parser says, without its advice about `--`, and which flag may have been meant. */
function describeProblem(error: unknown, known: readonly string[]): string {
  const problem = messageOf(error).replace(/\.$/, '').split('. ')[0] as string;
  const word = /^Unknown option '--([^']+)'/.exec(problem)?.[1];
  const nearest = word === undefined ? undefined : selectNearestName(word, known);
  return nearest === undefined ? problem : `${problem}; did you mean '--${nearest}'?`;
}

/** A command line that cannot be understood, with its usage. */
export function misuse(problem: string, usage: string, cause?: unknown): StevedoreError {
  return new StevedoreError('ERR_COMMAND_LINE', { problem, usage }, { cause });
}

/** @throws StevedoreError ERR_COMMAND_LINE with the usage. */
export function parseCommandWords<T extends ParseArgsOptionsConfig>(
  argv: readonly string[],
  options: T,
  usage: string,
) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw misuse(describeProblem(error, Object.keys(options)), usage, error);
  }
}

/** The same where there are flags only. @throws StevedoreError ERR_COMMAND_LINE with the usage. */
export function parseCommandFlags<T extends ParseArgsOptionsConfig>(
  argv: readonly string[],
  options: T,
  usage: string,
) {
  const { values, positionals } = parseCommandWords(argv, options, usage);
  if (positionals.length > 0) throw misuse(`Unexpected argument '${positionals[0]}'`, usage);
  return values;
}
