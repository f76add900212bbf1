/**
 * The order of an election: each candidate is an ephemeral node `ID-SEQUENCE`, whose sequence ZooKeeper gives. The id is the
 * candidate's own, so that it finds its node again when the answer to its creation was lost. Pure.
 */

export interface Standing {
  /** The first in order: it leads. */
  readonly leader: string | undefined;
  /** The one before this candidate; undefined when it leads. */
  readonly predecessor: string | undefined;
  readonly own: string | undefined;
  /** Left of a creation that was tried again though it had happened. */
  readonly surplus: readonly string[];
}

export function sortCandidates(nodes: readonly string[]): string[] {
  const sequenceOf = (node: string) => node.slice(-10);
  return nodes
    .filter((node) => /-\d{10}$/.test(node))
    .toSorted((a, b) => (sequenceOf(a) < sequenceOf(b) ? -1 : 1));
}

export function toStanding(nodes: readonly string[], id: string): Standing {
  const sorted = sortCandidates(nodes);
  const [own, ...surplus] = sorted.filter((node) => node.startsWith(`${id}-`));
  const place = own === undefined ? 0 : sorted.indexOf(own);
  return { leader: sorted[0], predecessor: sorted[place - 1], own, surplus };
}
