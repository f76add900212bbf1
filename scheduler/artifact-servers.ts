/** Where an executor finds its artifacts, whoever leads by then. Pure. */
import type { LeaderData } from './leadership/leader-data.ts';

/**
 * The own server first, then the hosts of those that stand by: who takes over listens on the same ports where they are free,
 * with a certificate of the same authority.
 */
export function listArtifactServers(ownUrl: string, others: readonly LeaderData[]): string[] {
  const { port } = new URL(ownUrl);
  const hosts = others.flatMap(({ artifactHost }) => (artifactHost === undefined ? [] : [artifactHost]));
  const urls = hosts.map((host) => `https://${host.includes(':') ? `[${host}]` : host}:${port}`);
  return [...new Set([ownUrl, ...urls])];
}
