/** How a command is called, from its entry in the table. Pure. */
import { ADDRESS_FLAGS } from './api-address.ts';
import type { CommandFlags, OperatorCommand } from './operator-command.ts';

const COMMON_FLAGS = {
  json: { type: 'boolean', help: 'print JSON' },
  help: { type: 'boolean', help: 'print this' },
} as const satisfies CommandFlags;

const WIDTH = 20;

export function listFlags({ flags }: OperatorCommand): CommandFlags {
  return { ...flags, ...ADDRESS_FLAGS, ...COMMON_FLAGS };
}

/** `--api URL` */
export function nameFlag([name, { value }]: [string, CommandFlags[string]]): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

/** `stevedore restart INSTANCE` */
export function listForms(word: string, { forms }: OperatorCommand): string[] {
  return forms.map((form) => `stevedore ${word} ${form}`.trim());
}

/** For a message: no more than what is needed to try again. */
export function renderUsage(word: string, command: OperatorCommand): string {
  return `Usage: ${listForms(word, command).join(' | ')}; \`stevedore help ${word}\` tells more`;
}

export function renderCommandHelp(word: string, command: OperatorCommand): string {
  const { summary, details } = command;
  const flags = Object.entries(listFlags(command)).map(
    (entry) => `  ${nameFlag(entry).padEnd(WIDTH)} ${entry[1].help}`,
  );
  return [
    ...listForms(word, command).map(
      (form, index) => `${index === 0 ? 'Usage:' : '      '} ${form} [OPTIONS]`,
    ),
    '',
    `${summary[0]?.toUpperCase()}${summary.slice(1)}.`,
    ...(details === undefined ? [] : [details]),
    '',
    ...flags,
    '',
  ].join('\n');
}
