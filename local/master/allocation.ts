/**
 * Who is offered what. Agent by agent, roles and frameworks that hold least come first: each is offered all that its role
 * may use and that it does not refuse; what is reserved for others is left to them.
 */
import type { Resource } from '../../protocol/mesos/resource.ts';
import { containsResources, subtractResources, totalMilli } from '../../protocol/resources.ts';
import { isReserved, reservationRole } from '../operations.ts';
import type { OfferFilter } from './records.ts';
import { unallocated } from './role-resources.ts';

export interface FreeAgent {
  readonly id: string;
  readonly available: readonly Resource[];
}

/** One role of one framework. */
export interface Bidder {
  readonly frameworkId: string;
  readonly role: string;
  readonly filters: readonly OfferFilter[];
  /** Part of the cluster that the framework holds in the role, by its dominant resource. */
  readonly share: number;
  readonly roleShare: number;
  /** What a framework may see of an agent's resources, and if it is to see the agent at all. */
  readonly visible: (agentId: string, resources: readonly Resource[]) => readonly Resource[];
  /** The least that is offered. */
  readonly isAllocatable: (resources: readonly Resource[]) => boolean;
}

export interface Allocation {
  readonly frameworkId: string;
  readonly role: string;
  readonly agentId: string;
  readonly resources: readonly Resource[];
}

/** `--min_allocatable_resources` of Mesos: cpus:0.01 or mem:32. */
export function isWorthOffering(resources: readonly Resource[]): boolean {
  return totalMilli(resources, 'cpus') >= 10 || totalMilli(resources, 'mem') >= 32_000;
}

/** Unreserved, or reserved for the role or one above it. */
function isAllocatableTo(resource: Resource, role: string): boolean {
  const owner = reservationRole(resource);
  return !isReserved(resource) || owner === role || role.startsWith(`${owner}/`);
}

/** A filter holds back what is contained in the resources that were refused; more than those passes. */
function isRefused(bidder: Bidder, agentId: string, offered: readonly Resource[], nowMs: number): boolean {
  return bidder.filters.some(
    (filter) =>
      filter.agentId === agentId &&
      filter.role === bidder.role &&
      filter.untilMs > nowMs &&
      containsResources(unallocated(filter.resources), offered),
  );
}

/** The larger of the parts of all cpus and of all memory. */
export function dominantShare(held: readonly Resource[], total: readonly Resource[]): number {
  const shares = ['cpus', 'mem'].map((name) => totalMilli(held, name) / Math.max(1, totalMilli(total, name)));
  return Math.max(...shares);
}

/** What the role may have of an agent; undefined when it wants none of it. */
function offerTo(
  bidder: Bidder,
  agent: FreeAgent,
  left: readonly Resource[],
  nowMs: number,
): readonly Resource[] | undefined {
  const usable = left.filter((resource) => isAllocatableTo(resource, bidder.role));
  const offered = bidder.visible(agent.id, usable);
  if (offered.length === 0 || !bidder.isAllocatable(offered)) return undefined;
  return isRefused(bidder, agent.id, offered, nowMs) ? undefined : offered;
}

type Shares = Map<string, number>;

function order(bidders: readonly Bidder[], extra: Shares): Bidder[] {
  const roleShare = (bidder: Bidder): number => bidder.roleShare + (extra.get(bidder.role) ?? 0);
  const ownShare = (bidder: Bidder): number => bidder.share + (extra.get(keyOf(bidder)) ?? 0);
  return [...bidders].sort((a, b) => roleShare(a) - roleShare(b) || ownShare(a) - ownShare(b));
}

function keyOf({ frameworkId, role }: Bidder): string {
  return `${frameworkId} ${role}`;
}

function add(extra: Shares, key: string, share: number): void {
  extra.set(key, (extra.get(key) ?? 0) + share);
}

export function allocate(
  agents: readonly FreeAgent[],
  bidders: readonly Bidder[],
  nowMs: number,
): Allocation[] {
  const total = agents.flatMap((agent) => agent.available);
  const extra: Shares = new Map();
  return agents.flatMap((agent) => {
    let left = agent.available;
    const offers: Allocation[] = [];
    for (const bidder of order(bidders, extra)) {
      const resources = offerTo(bidder, agent, left, nowMs);
      if (resources === undefined) continue;
      const share = dominantShare(resources, total);
      add(extra, bidder.role, share);
      add(extra, keyOf(bidder), share);
      left = subtractResources(left, resources);
      offers.push({ frameworkId: bidder.frameworkId, role: bidder.role, agentId: agent.id, resources });
    }
    return offers;
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
