/** Which known names a mistyped one may have meant. */

/** Levenshtein distance. */
function measureDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (const [index, char] of [...left].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= right.length; column += 1) {
      const substitution = (row[column - 1] ?? 0) + (right[column - 1] === char ? 0 : 1);
      next.push(Math.min(substitution, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** Names at most two edits away, or that begin with what was typed; the nearest first. */
export function selectNearestNames(typed: string, names: readonly string[]): string[] {
  return names
    .map((name) => ({ name, distance: measureDistance(typed, name) }))
    .filter(({ name, distance }) => distance <= 2 || (typed !== '' && name.startsWith(typed)))
    .sort((left, right) => left.distance - right.distance)
    .map(({ name }) => name);
}
