/** Reads `--name value` and `--name=value` of the small commands. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';

/** @throws StevedoreError ERR_COMMAND_LINE with the usage. */
export function parseCommandFlags<T extends ParseArgsOptionsConfig>(
  argv: readonly string[],
  options: T,
  usage: string,
) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: false }).values;
  } catch (error) {
    const problem = messageOf(error).replace(/\.$/, '').split('. ')[0];
    throw new StevedoreError('ERR_COMMAND_LINE', { problem, usage }, { cause: error });
  }
}
