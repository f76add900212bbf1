/** Who is offered what: every agent's free resources go to the framework that holds least and does not refuse them. */
import type { Resource } from '../../protocol/mesos/resource.ts';
import { containsResources, totalMilli } from '../../protocol/resources.ts';
import type { OfferFilter } from './records.ts';
import { unallocated } from './role-resources.ts';

export interface FreeAgent {
  readonly id: string;
  readonly available: readonly Resource[];
}

export interface Bidder {
  readonly id: string;
  /** Without those that it suppressed. */
  readonly roles: readonly string[];
  readonly filters: readonly OfferFilter[];
  /** Part of the cluster that it holds, by its dominant resource. */
  readonly share: number;
}

export interface Allocation {
  readonly frameworkId: string;
  readonly role: string;
  readonly agentId: string;
  readonly resources: readonly Resource[];
}

/** `--min_allocatable_resources` of Mesos: cpus:0.01 or mem:32. */
function isAllocatable(resources: readonly Resource[]): boolean {
  return totalMilli(resources, 'cpus') >= 10 || totalMilli(resources, 'mem') >= 32_000;
}

/** A filter holds back what is contained in the resources that were refused; more than those passes. */
function isRefused(bidder: Bidder, role: string, agent: FreeAgent, nowMs: number): boolean {
  return bidder.filters.some(
    (filter) =>
      filter.agentId === agent.id &&
      filter.role === role &&
      filter.untilMs > nowMs &&
      containsResources(unallocated(filter.resources), agent.available),
  );
}

/** The larger of the parts of all cpus and of all memory. */
export function dominantShare(held: readonly Resource[], total: readonly Resource[]): number {
  const shares = ['cpus', 'mem'].map((name) => totalMilli(held, name) / Math.max(1, totalMilli(total, name)));
  return Math.max(...shares);
}

export function allocate(
  agents: readonly FreeAgent[],
  bidders: readonly Bidder[],
  nowMs: number,
): Allocation[] {
  const total = agents.flatMap((agent) => agent.available);
  const shares = new Map(bidders.map((bidder) => [bidder.id, bidder.share]));
  const shareOf = (bidder: Bidder): number => shares.get(bidder.id) ?? 0;
  return agents.flatMap((agent) => {
    if (!isAllocatable(agent.available)) return [];
    for (const bidder of [...bidders].sort((a, b) => shareOf(a) - shareOf(b))) {
      const role = bidder.roles.find((candidate) => !isRefused(bidder, candidate, agent, nowMs));
      if (role === undefined) continue;
      shares.set(bidder.id, shareOf(bidder) + dominantShare(agent.available, total));
      return [{ frameworkId: bidder.id, role, agentId: agent.id, resources: agent.available }];
    }
    return [];
  });
}

const DEFAULT_REFUSE_SECONDS = 5;
const LONGEST_REFUSE_SECONDS = 365 * 86_400;

/** Milliseconds that a refusal holds: 0 is none, negative the default, never less than one round of allocation. */
export function refusalMs(refuseSeconds: number | undefined, intervalMs: number): number {
  if (refuseSeconds === 0) return 0;
  const wanted = refuseSeconds === undefined || refuseSeconds < 0 ? DEFAULT_REFUSE_SECONDS : refuseSeconds;
  return Math.max(intervalMs, Math.min(wanted, LONGEST_REFUSE_SECONDS) * 1000);
}
