/** What a command for operators is: one entry of the table from which parsing, help and docs/cli.md come. */
import { StevedoreError } from '../../protocol/errors.ts';
import type { ApiAddress } from '../api/client.ts';
import type { Terminal } from './terminal.ts';

interface CommandFlag {
  readonly type: 'string' | 'boolean';
  /** What stands for its value: `FILE`. */
  readonly value?: string;
  readonly help: string;
}

export type CommandFlags = Readonly<Record<string, CommandFlag>>;

export type FlagValues = Readonly<Record<string, string | boolean | undefined>>;

/** What was asked for, and where. */
export interface CommandCall {
  readonly address: ApiAddress;
  readonly words: readonly string[];
  readonly values: FlagValues;
  readonly terminal: Terminal;
  readonly usage: string;
}

export interface OperatorCommand {
  readonly summary: string;
  /** Its words after its name, one form each: `[INSTANCE]`. */
  readonly forms: readonly string[];
  readonly flags: CommandFlags;
  /** What else there is to know. */
  readonly details?: string;
  readonly load: () => Promise<{ readonly run: (call: CommandCall) => Promise<void> }>;
}

/** @throws StevedoreError ERR_COMMAND_LINE: more words than there are names for */
export function takeWords(
  { words, usage }: Pick<CommandCall, 'words' | 'usage'>,
  most: number,
): readonly string[] {
  const extra = words[most];
  if (extra === undefined) return words;
  throw new StevedoreError('ERR_COMMAND_LINE', { problem: `'${extra}' is one word too many`, usage });
}
