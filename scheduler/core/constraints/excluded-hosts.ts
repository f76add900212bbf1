/** Hosts that an operator keeps us away from, by name, IP, or either with `*`. */
import type { HostFacts } from './host-facts.ts';
import { compilePattern } from './pattern.ts';

/** Which entry of the list excludes a host. Host names know no case. */
export type FindExclusion = (facts: HostFacts) => string | undefined;

export function createExclusion(excludedHosts: readonly string[]): FindExclusion {
  const entries = excludedHosts.map((written) => {
    const escaped = written.replace(/[\\^$.|?+()[\]{}]/g, '\\$&').replaceAll('*', '.*');
    return { written, pattern: compilePattern(`(?i)${escaped}`) };
  });
  return ({ hostname, ip }) =>
    entries.find(({ pattern }) => pattern.matches(hostname) || (ip !== undefined && pattern.matches(ip)))
      ?.written;
}
