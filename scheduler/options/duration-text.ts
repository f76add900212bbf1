/** Durations as an operator would write them. */

const UNITS = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** In the largest unit of which they are whole: `5min`, `90s`, `500ms`. */
export function toDurationText(ms: number): string {
  const [unit, unitMs] = UNITS.find(([, each]) => ms >= each && ms % each === 0) ?? ['ms', 1];
  return `${ms / unitMs}${unit}`;
}
