/** Columns and paragraphs for a terminal of some width. Pure. */
import { BOLD, type Colours, paint } from './paint.ts';

export interface Column {
  readonly heading: string;
  /** Left out first where there is no room; the last of them before the others. */
  readonly isOptional?: boolean;
}

export interface Row {
  readonly cells: readonly string[];
  /** Colour of a cell by its column. */
  readonly colours?: Readonly<Record<number, number>>;
  /** Lines under it. */
  readonly notes?: readonly string[];
}

export interface View {
  readonly columns: number;
  readonly colours: Colours;
}

const GAP = '  ';

function measure(columns: readonly Column[], rows: readonly Row[]): number[] {
  return columns.map(({ heading }, index) =>
    Math.max(heading.length, ...rows.map(({ cells }) => (cells[index] ?? '').length)),
  );
}

/** Indexes of the columns that are shown. */
function selectColumns(columns: readonly Column[], widths: readonly number[], room: number): number[] {
  const shown = columns.map((_, index) => index);
  const width = () =>
    shown.reduce((sum, index) => sum + (widths[index] as number), GAP.length * (shown.length - 1));
  for (const index of [...shown].reverse())
    if (width() > room && columns[index]?.isOptional === true) shown.splice(shown.indexOf(index), 1);
  return shown;
}

/** At spaces, each line indented; a word that is longer than the room stays whole, so that it can be copied. */
export function wrapText(text: string, indent: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines;
}

function renderNotes({ notes = [] }: Row, { columns }: View): string[] {
  return notes.flatMap((note) => note.split('\n')).flatMap((line) => wrapText(line, GAP, columns));
}

/** Lines without newlines. */
export function renderTable(columns: readonly Column[], rows: readonly Row[], view: View): string[] {
  const widths = measure(columns, rows);
  const shown = selectColumns(columns, widths, view.columns);
  const align = (cells: readonly string[], colour: (index: number) => number | undefined) =>
    shown
      .map((index, position) => {
        const cell = cells[index] ?? '';
        const padded = position === shown.length - 1 ? cell : cell.padEnd(widths[index] as number);
        const code = colour(index);
        return code === undefined ? padded : paint(padded, code, view.colours);
      })
      .join(GAP)
      .trimEnd();
  const head = columns.map(({ heading }) => heading);
  return [
    align(head, () => BOLD),
    ...rows.flatMap((row) => [align(row.cells, (index) => row.colours?.[index]), ...renderNotes(row, view)]),
  ];
}
