/** docs/cli.md, from the table of commands. */
import { ADDRESS_FLAGS } from '../../scheduler/commands/api-address.ts';
import { OPERATOR_COMMANDS } from '../../scheduler/commands/command-table.ts';
import { listForms, nameFlag } from '../../scheduler/commands/command-usage.ts';
import type { CommandFlags, OperatorCommand } from '../../scheduler/commands/operator-command.ts';
import { COMMANDS } from '../commands.ts';
import { escapeCell } from './cells.ts';

const INTRODUCTION = `# Command line

\`stevedore help\` lists every command and \`stevedore help COMMAND\` tells more of one. This page is generated from the table of
commands by \`make docs\`.

| exit status | what it means |
|---|---|
| 0 | done |
| 1 | refused or failed; the message says why |
| 2 | the command line cannot be understood |
| 3 | no scheduler answers, or none leads |

## Commands
`;

const OPERATING = `## Commands for operators

They ask a running scheduler, over its [API](api.md): on this host by its state directory, elsewhere by URL and token.
\`--json\` prints one line of JSON, the API's own answer. Colours and the width of the window matter on a terminal only;
\`NO_COLOR=1\` takes the colours away. A column that has no room is left out; in a pipe all are there.
`;

function renderFlags(flags: CommandFlags): string[] {
  const rows = Object.entries(flags).map(
    (entry) => `| \`${nameFlag(entry)}\` | ${escapeCell(entry[1].help)} |`,
  );
  return rows.length === 0 ? [] : ['| option | meaning |', '|---|---|', ...rows, ''];
}

function renderCommand([word, command]: [string, OperatorCommand]): string[] {
  const { summary, details, flags } = command;
  return [
    `### ${word}`,
    '',
    '```',
    ...listForms(word, command),
    '```',
    '',
    `${summary[0]?.toUpperCase()}${summary.slice(1)}.${details === undefined ? '' : ` ${details}`}`,
    '',
    ...renderFlags(flags),
  ];
}

export function renderCliPage(): string {
  const rows = Object.entries(COMMANDS).map(
    ([word, { summary }]) => `| \`stevedore ${word}\` | ${escapeCell(summary)} |`,
  );
  return [
    INTRODUCTION,
    '| command | what it does |',
    '|---|---|',
    ...rows,
    '',
    OPERATING,
    ...renderFlags(ADDRESS_FLAGS),
    ...Object.entries(OPERATOR_COMMANDS).flatMap(renderCommand),
  ].join('\n');
}
