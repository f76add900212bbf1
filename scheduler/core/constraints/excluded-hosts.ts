/** Hosts that an operator keeps us away from, by name, IP, or either with `*`. */
import type { HostFacts } from './host-facts.ts';
import { type Pattern, compilePattern } from './pattern.ts';

/** Which entry of the list excludes a host. Host names know no case. */
export type FindExclusion = (facts: HostFacts) => string | undefined;

function toPattern(written: string): Pattern {
  const escaped = written.replace(/[\\^$.|?+()[\]{}]/g, '\\$&').replaceAll('*', '.*');
  return compilePattern(`(?i)${escaped}`);
}

export function createExclusion(excludedHosts: readonly string[]): FindExclusion {
  const exact = excludedHosts.filter((written) => !written.includes('*'));
  const byName = new Map(exact.map((written) => [written.toLowerCase(), written]));
  const patterns = excludedHosts
    .filter((written) => written.includes('*'))
    .map((written) => ({ written, pattern: toPattern(written) }));
  const findEntry = (name: string): string | undefined =>
    byName.get(name.toLowerCase()) ?? patterns.find(({ pattern }) => pattern.matches(name))?.written;
  return ({ hostname, ip }) => findEntry(hostname) ?? (ip === undefined ? undefined : findEntry(ip));
}
