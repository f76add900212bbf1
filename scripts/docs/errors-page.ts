/** docs/errors.md, from the catalogue. */
import { ERROR_CATALOGUE } from '../../protocol/errors/catalogue.ts';
import { escapeCell } from './cells.ts';

const INTRODUCTION = `# Errors

Every message of Stevedore has a code, says what happened with the value, and what to do. \`{…}\` stands for the value at hand.
This page is generated from \`protocol/errors/\` by \`make docs\`.
`;

/** The whole page as Markdown. */
export function renderErrorsPage(): string {
  const rows = Object.entries(ERROR_CATALOGUE)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, entry]) =>
        `| \`${code}\` | ${escapeCell(entry.text)} | ${escapeCell(entry.advice)} | ${entry.status ?? ''} |`,
    );
  return [
    INTRODUCTION,
    '| code | what happened | what to do | HTTP |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
