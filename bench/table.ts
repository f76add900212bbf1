/** Results as the reader sees them. */
import type { BenchResult } from './result.ts';

const HEAD = ['name', 'unit', 'ours min', 'median', 'max', 'peer median', 'ratio', 'peer'];
/** Numbers stand at the right. */
const NUMERIC = new Set([2, 3, 4, 5, 6]);

function toRow({ name, unit, ours, peer, ratio, peerName }: BenchResult): string[] {
  return [name, unit, ...[ours.min, ours.median, ours.max, peer.median, ratio].map(renderNumber), peerName];
}

/** Four digits say more than the measurement knows. */
function renderNumber(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(3);
}

export function renderTable(results: readonly BenchResult[]): string {
  const rows = [HEAD, ...results.map(toRow)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const renderCell = (text: string, column: number) =>
    NUMERIC.has(column) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  return rows.map((row) => row.map(renderCell).join('  ').trimEnd()).join('\n');
}
