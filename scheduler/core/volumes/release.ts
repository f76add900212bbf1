/** Gives back what is ours and nobody's any more, as Mesos offers it: the only moment at which that can be done. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import type { Resource } from '../../../protocol/mesos/resource.ts';
import type { Draft } from '../draft.ts';
import type { ReleasedResource } from '../engine-facts.ts';
import { type ResourceOperation, renderRelease } from './operations.ts';
import { findOwned, idOf, renderOwnedId } from './reservation-owner.ts';
import { listReservedIds } from './volume-claim.ts';

/** Mesos is told again at the earliest after this. */
const REPEAT_MS = 5_000;
/** A host that is away for so long takes what lies there with it; should it return, the labels tell. */
const PATIENCE_MS = 7 * 24 * 3_600_000;

interface OwnOffer {
  readonly offer: Offer;
  readonly role: string;
  /** Resources of ours that no instance has, by id. */
  readonly unwanted: ReadonlyMap<string, readonly Resource[]>;
}

function listWantedIds(draft: Draft): Set<string> {
  return new Set(draft.state.instances.list().flatMap(listReservedIds));
}

function findUnwanted(draft: Draft, offers: readonly Offer[], state: string): OwnOffer[] {
  const owner = { cluster: draft.state.settings.spec.cluster, state };
  const wanted = listWantedIds(draft);
  return offers.map((offer) => {
    const own = (offer.resources ?? []).filter((resource) => {
      const owned = findOwned(resource, owner);
      return owned !== undefined && !wanted.has(renderOwnedId(owned));
    });
    const unwanted = Map.groupBy(own, (resource) => idOf(resource) ?? '');
    return { offer, role: offer.allocation_info?.role ?? '*', unwanted };
  });
}

/** What is found is in the books from then on, also when they did not know of it. */
function noteFound(draft: Draft, found: readonly OwnOffer[]): Map<string, ReleasedResource> {
  const entries = new Map((draft.state.facts.released ?? []).map((entry) => [entry.id, entry]));
  for (const { offer, role, unwanted } of found)
    for (const id of unwanted.keys()) {
      const known = entries.get(id) ?? { id, role, sinceMs: draft.nowMs };
      const isKnown = known.seen === true && known.hostname === offer.hostname && known.role === role;
      if (!isKnown) entries.set(id, { ...known, role, hostname: offer.hostname, seen: true });
    }
  return entries;
}

/** True when the offer shows that it is not there: it was given back, or its making came to nothing. */
function isSettled(entry: ReleasedResource, { offer, role, unwanted }: OwnOffer): boolean {
  if (entry.role !== role || entry.hostname !== offer.hostname || unwanted.has(entry.id)) return false;
  return entry.sentAtMs !== undefined || entry.seen === undefined;
}

function settle(draft: Draft, entries: Map<string, ReleasedResource>, found: readonly OwnOffer[]): void {
  const byHost = Map.groupBy(found, ({ offer }) => offer.hostname);
  for (const entry of entries.values()) {
    const offers = byHost.get(entry.hostname ?? '') ?? [];
    const isOverdue = draft.nowMs - entry.sinceMs > PATIENCE_MS;
    const isHere = offers.some(({ unwanted }) => unwanted.has(entry.id));
    if (!isOverdue && (isHere || !offers.some((own) => isSettled(entry, own)))) continue;
    entries.delete(entry.id);
    draft.log(isOverdue ? 'warn' : 'info', isOverdue ? 'gives up waiting to release' : 'released', {
      id: entry.id,
      host: entry.hostname,
    });
  }
}

function planOffer(
  draft: Draft,
  entries: Map<string, ReleasedResource>,
  { offer, unwanted }: OwnOffer,
): ResourceOperation[] {
  return [...unwanted].flatMap(([id, resources]) => {
    const entry = entries.get(id) as ReleasedResource;
    if (draft.nowMs - (entry.sentAtMs ?? Number.NEGATIVE_INFINITY) < REPEAT_MS) return [];
    entries.set(id, { ...entry, sentAtMs: draft.nowMs });
    draft.log('info', 'gives back what nobody uses any more', { id, host: offer.hostname });
    return resources.flatMap(renderRelease);
  });
}

function noteChanges(draft: Draft, after: readonly ReleasedResource[]): void {
  const before = draft.state.facts.released ?? [];
  const isSame = after.length === before.length && after.every((entry, index) => entry === before[index]);
  if (!isSame) draft.note({ released: after.length === 0 ? undefined : after });
}

/** Operations by offer. Resources of others, also of the same cluster under another state, are never touched. */
export function releaseOffered(draft: Draft, offers: readonly Offer[]): Map<string, ResourceOperation[]> {
  const { facts } = draft.state;
  if (facts.reservationOwner === undefined) return new Map();
  const found = findUnwanted(draft, offers, facts.reservationOwner.id);
  const entries = noteFound(draft, found);
  settle(draft, entries, found);
  const planned = found.map((own) => [own.offer.id.value, planOffer(draft, entries, own)] as const);
  noteChanges(draft, [...entries.values()]);
  return new Map(planned.filter(([, operations]) => operations.length > 0));
}
