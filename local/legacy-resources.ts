/** Resources of frameworks without RESERVATION_REFINEMENT carry one `role` and `reservation`, as before Mesos 1.4. */
import type { Reservation, Resource } from '../protocol/mesos/resource.ts';

export type LegacyResource = Resource & {
  readonly role?: string;
  readonly reservation?: Omit<Reservation, 'type' | 'role'>;
};

/** To `reservations`; what already has them, or none, is left as it is. */
export function upgradeResource({ role, reservation, ...resource }: LegacyResource): Resource {
  if (resource.reservations !== undefined || role === undefined || role === '*') return resource;
  const type = reservation === undefined ? 'STATIC' : 'DYNAMIC';
  return { ...resource, reservations: [{ type, role, ...reservation }] };
}

/** From `reservations`, of which there is one at most: refined ones are not shown to such frameworks. */
export function downgradeResource({ reservations, ...resource }: Resource): LegacyResource {
  const entry = reservations?.at(-1);
  if (entry === undefined) return { ...resource, role: '*' };
  const { type, role, ...reservation } = entry;
  return type === 'STATIC' ? { ...resource, role } : { ...resource, role, reservation };
}
