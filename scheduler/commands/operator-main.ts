/** Runs a command of the table. */
import { misuse, parseCommandWords } from './command-flags.ts';
import { OPERATOR_COMMANDS } from './command-table.ts';
import { listFlags, renderCommandHelp, renderUsage } from './command-usage.ts';
import { toApiAddress } from './api-address.ts';
import type { CommandCall, CommandFlags, OperatorCommand } from './operator-command.ts';
import { type Terminal, openTerminal } from './terminal.ts';

function toParseOptions(flags: CommandFlags) {
  const entries = Object.entries(flags).map(([name, { type }]) => [
    name,
    { type, ...(name === 'help' && { short: 'h' }) },
  ]);
  return Object.fromEntries(entries) as Record<string, { type: 'string' | 'boolean'; short?: string }>;
}

function getCommand(word: string): OperatorCommand {
  const command = OPERATOR_COMMANDS[word];
  if (command === undefined) throw misuse(`'${word}' is no command`, '');
  return command;
}

/** @throws StevedoreError ERR_COMMAND_LINE, ERR_API_FILE, ERR_API_UNREACHABLE, ERR_API_REFUSED */
export async function runOperatorCommand(
  word: string,
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const command = getCommand(word);
  const usage = renderUsage(word, command);
  const { values, positionals } = parseCommandWords(argv, toParseOptions(listFlags(command)), usage);
  if (values.help === true) {
    terminal.print(renderCommandHelp(word, command));
    return 0;
  }
  const { run } = await command.load();
  const flags = values as CommandCall['values'];
  await run({ address: toApiAddress(flags, usage), words: positionals, values: flags, terminal, usage });
  return 0;
}

export function createMain(word: string): (argv: readonly string[]) => Promise<number> {
  return (argv) => runOperatorCommand(word, argv, openTerminal());
}
