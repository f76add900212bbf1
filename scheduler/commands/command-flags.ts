/** Reads `--name value` and `--name=value` of the small commands. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';

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
    throw misuse(messageOf(error).replace(/\.$/, '').split('. ')[0] as string, usage, error);
  }
}

/** The same where there are flags only. @throws StevedoreError ERR_COMMAND_LINE with the usage. */
export function parseCommandFlags<T extends ParseArgsOptionsConfig>(
  argv: readonly string[],
  options: T,
  usage: string,
) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: false }).values;
  } catch (error) {
    throw misuse(messageOf(error).replace(/\.$/, '').split('. ')[0] as string, usage, error);
  }
}
