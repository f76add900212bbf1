/** What is printed of an option table: `--help`, the reference page, the configuration in force. */
import { listKeys, type OptionDefinition, type OptionTable } from './option-table.ts';
import type { ResolvedOption } from './option-resolution.ts';

function groupBySection(table: OptionTable): Map<string, OptionDefinition[]> {
  return Map.groupBy(Object.values(table), (option) => option.section);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + word.length >= width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function renderHelpEntry(option: OptionDefinition): string {
  const flag = option.flag === undefined ? '' : `, --${option.flag}`;
  const value = option.default === undefined || option.default === '' ? '' : ` = ${option.default}`;
  const heading = `  ${option.key}${flag} (${option.type.name.replaceAll('\\', '')})${value}`;
  return [heading, ...wrap(option.doc, 96).map((line) => `      ${line}`)].join('\n');
}

/** The options as `--help` lists them, by section. */
export function renderOptionHelp(table: OptionTable): string {
  return [...groupBySection(table)]
    .map(([section, options]) => [`${section}:`, ...options.map(renderHelpEntry)].join('\n'))
    .join('\n\n');
}

function renderRow(option: OptionDefinition): string {
  const others = [...listKeys(option).slice(1), ...(option.environment ?? [])].map((name) => `\`${name}\``);
  const defaultValue = option.default === undefined || option.default === '' ? '' : `\`${option.default}\``;
  return `| \`${option.key}\` | ${option.type.name} | ${defaultValue} | ${option.doc} | ${others.join('<br>')} |`;
}

/** The options as tables in Markdown, by section, for the reference page. */
export function renderOptionMarkdown(table: OptionTable): string {
  const head = '| key | type | default | meaning | other names, environment |\n|---|---|---|---|---|';
  return [...groupBySection(table)]
    .map(([section, options]) => [`### ${section}\n`, head, ...options.map(renderRow)].join('\n'))
    .join('\n\n');
}

/** The configuration in force, one line an option with its origin; secrets are hidden, unset options left out. */
export function renderOptionDump(options: readonly ResolvedOption[]): string {
  return options
    .filter(({ text }) => text !== undefined)
    .map(({ option, text, setting }) => {
      const { secret, display = (plain: string) => plain } = option;
      const shown = secret === true ? '(hidden)' : JSON.stringify(display(text as string));
      return `${option.key} = ${shown}  # ${setting?.origin ?? 'default'}\n`;
    })
    .join('');
}
