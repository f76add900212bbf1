/** Names of this machine's users and groups by their numbers. */
import { readFileSync } from 'node:fs';

function readNames(file: string): Map<number, string> {
  const lines = readFileSync(file, 'utf8').split('\n');
  return new Map(lines.map((line) => line.split(':')).map(([name, , id]) => [Number(id), name ?? '']));
}

export function readIds(): { users: Map<number, string>; groups: Map<number, string> } {
  return { users: readNames('/etc/passwd'), groups: readNames('/etc/group') };
}
