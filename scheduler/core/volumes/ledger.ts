/**
 * Keeps the books of what is reserved: an instance's part is written before the ACCEPT that makes it, and what no instance
 * has any more is remembered until it was given back.
 */
import type { Draft } from '../draft.ts';
import type { ReleasedResource } from '../engine-facts.ts';
import type { InstanceRecord } from '../instance.ts';
import type { Reservation } from '../offers/offer-evaluator.ts';
import type { Instances } from '../plan.ts';
import { idOf } from './reservation-owner.ts';
import { listReservedIds, listSeenIds } from './volume-claim.ts';

export function createUnique(draft: Draft): string {
  const random = Math.floor(draft.moment.chance() * 36 ** 6)
    .toString(36)
    .padStart(6, '0');
  return `${draft.nowMs.toString(36)}${random}`;
}

/** Before the first reservation: this state gets a mark of its own. */
export function markReservations(draft: Draft): void {
  const { facts, settings } = draft.state;
  const isNeeded = settings.spec.components.some(({ volumes }) => (volumes ?? []).length > 0);
  if (isNeeded && facts.reservationOwner === undefined)
    draft.note({ reservationOwner: { id: createUnique(draft) } });
}

export interface ReservationOnHost {
  readonly hostname: string;
  readonly reservation: Reservation | undefined;
}

/** An instance that is launched without its former volumes starts anew. */
export function noteReservation(
  draft: Draft,
  name: string,
  { hostname, reservation }: ReservationOnHost,
): void {
  const instance = draft.state.instances.get(name);
  if (instance === undefined || reservation === undefined) return;
  const { reserved } = reservation;
  const ids = new Set(reserved.map(idOf));
  const reservedSeen = (instance.reservedSeen ?? []).filter((id) => ids.has(id));
  const formatted = reservation.keepsState ? instance.formatted : [];
  draft.put({ ...instance, hostname, reserved, reservedSeen, formatted });
}

/**
 * States after which the agent has the task, and so what was reserved and made for it before. TASK_UNREACHABLE is none:
 * Mesos says that of any task on an agent out of reach, also of one that never came there.
 */
const PROOFS: ReadonlySet<string> = new Set([
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_FINISHED',
  'TASK_FAILED',
]);

function withoutReservations(instance: InstanceRecord): InstanceRecord {
  return { ...instance, reserved: undefined, reservedSeen: undefined };
}

function explainRefusal(draft: Draft, instance: InstanceRecord): void {
  const { principal } = draft.state.settings;
  draft.log('error', 'Mesos refused what was to be reserved for an instance', {
    instance: instance.name,
    principal: principal ?? '(none)',
    message: instance.lastMessage,
    advice: 'let the principal reserve_resources and create_volumes for the role, then restart the instance',
  });
}

function followInstance(draft: Draft, instance: InstanceRecord): void {
  const ids = listReservedIds(instance);
  // Whoever gives up an instance's host gives up what lies there.
  if (instance.hostname === undefined) draft.put(withoutReservations(instance));
  else if (listSeenIds(instance).length === ids.length) return;
  else if (PROOFS.has(instance.lastState ?? '')) draft.put({ ...instance, reservedSeen: ids });
  else if (
    instance.lastState === 'TASK_ERROR' &&
    draft.before.instances.get(instance.name)?.phase !== 'refused'
  )
    explainRefusal(draft, instance);
}

/** Who holds what, of the named ones. */
function listReserved(instances: Instances, names: readonly string[]): Map<string, InstanceRecord> {
  const reserved = new Map<string, InstanceRecord>();
  for (const instance of names.flatMap((name) => instances.get(name) ?? []))
    for (const id of listReservedIds(instance)) reserved.set(id, instance);
  return reserved;
}

/** With its agent, which will never offer anything again. */
function isGone(draft: Draft, name: string): boolean {
  return draft.state.instances.get(name)?.lastState === 'TASK_GONE_BY_OPERATOR';
}

function toReleased(draft: Draft, id: string, holder: InstanceRecord): ReleasedResource {
  const role = holder.reserved?.find((resource) => idOf(resource) === id)?.reservations?.at(-1)?.role;
  return {
    id,
    role: role ?? draft.state.settings.roles[0],
    hostname: holder.hostname,
    ...(listSeenIds(holder).includes(id) && { seen: true as const }),
    sinceMs: draft.nowMs,
  };
}

/** The end of every step: what an instance had before it and none has after it is to be given back. */
export function followReservations(draft: Draft): void {
  const { instances } = draft.before;
  // Whoever did not change holds what it held.
  const changed = draft.state.instances.listChanged(instances);
  for (const instance of changed.flatMap((name) => draft.state.instances.get(name) ?? []))
    if (instance.reserved !== undefined) followInstance(draft, instance);
  const before = listReserved(instances, changed);
  if (before.size === 0) return;
  const after = listReserved(draft.state.instances, changed);
  const released = [...before]
    .filter(([id, holder]) => !after.has(id) && !isGone(draft, holder.name))
    .map(([id, holder]) => toReleased(draft, id, holder));
  if (released.length > 0) draft.note({ released: [...(draft.state.facts.released ?? []), ...released] });
}
