/** From the words of a command line to an exit status: finds the program, runs it, and tells failures to a person. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { selectNearestName } from '../config/nearest-name.ts';
import { StevedoreError, StevedoreErrors, messageOf } from '../protocol/errors.ts';
import { type Command, renderHelp } from './commands.ts';

export interface CommandLine {
  readonly commands: Readonly<Record<string, Command>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** Exit statuses: what was asked for failed; it cannot be understood; there is no scheduler to ask. */
const FAILED = 1;
const MISUSED = 2;
const UNREACHABLE = 3;

const STATUSES: Readonly<Record<string, number>> = {
  ERR_COMMAND_UNKNOWN: MISUSED,
  ERR_COMMAND_LINE: MISUSED,
  ERR_COMMAND_USAGE: MISUSED,
  ERR_ALLUXIO_USAGE: MISUSED,
  ERR_UP_SERVICE: MISUSED,
  ERR_UP_ADDRESS: MISUSED,
  ERR_API_UNREACHABLE: UNREACHABLE,
};

async function readVersion(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '../package.json'), 'utf8');
  return String((JSON.parse(text) as { version: unknown }).version);
}

function isParseFailure(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS_');
}

function toStatus(error: unknown): number {
  if (isParseFailure(error)) return MISUSED;
  return error instanceof StevedoreError ? (STATUSES[error.code] ?? FAILED) : FAILED;
}

/** A failure as the person at the terminal shall read it: no stack, unless they ask for it. */
function renderFailure(error: unknown, environment: CommandLine['environment']): string {
  if (environment.STEVEDORE_DEBUG === '1' && error instanceof Error) return error.stack ?? error.message;
  if (error instanceof StevedoreError || error instanceof StevedoreErrors || isParseFailure(error)) {
    return messageOf(error);
  }
  return `unexpected failure: ${messageOf(error)} (STEVEDORE_DEBUG=1 shows where)`;
}

function unknownCommand(word: string, known: readonly string[]): StevedoreError {
  const name = selectNearestName(word, known);
  const nearest = name === undefined ? '' : `Did you mean '${name}'? `;
  return new StevedoreError('ERR_COMMAND_UNKNOWN', { word, nearest });
}

async function dispatch(words: readonly string[], line: CommandLine): Promise<number> {
  const [word, ...rest] = words;
  const wantsHelp = word === undefined || word === 'help' || word === '--help' || word === '-h';
  const [topic] = rest;
  if (wantsHelp && topic !== undefined) return await dispatch([topic, '--help'], line);
  if (wantsHelp) {
    line.print(renderHelp(line.commands));
    return word === undefined ? MISUSED : 0;
  }
  if (word === 'version' || word === '--version') {
    line.print(`stevedore ${await readVersion()} (Node ${process.versions.node})\n`);
    return 0;
  }
  const command = Object.hasOwn(line.commands, word) ? line.commands[word] : undefined;
  if (command === undefined) {
    throw unknownCommand(word, [...Object.keys(line.commands), 'help', 'version']);
  }
  const program = await command.load();
  return await program.main(rest);
}

/** Runs one command line; never throws. */
export async function runCommandLine(words: readonly string[], line: CommandLine): Promise<number> {
  try {
    return await dispatch(words, line);
  } catch (error) {
    line.complain(`stevedore: ${renderFailure(error, line.environment)}\n`);
    return toStatus(error);
  }
}
