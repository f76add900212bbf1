/** What an instance with volumes takes of an offer, as operations and as it looks after them. */
import type { Resource } from '../../../protocol/mesos/resource.ts';
import { subtractResources, sumResources } from '../../../protocol/resources.ts';
import type { Placement } from '../offers/offer-evaluator.ts';
import { isReservedTo, pushReservation } from './disk-shape.ts';
import { renderRelease, renderReserving } from './operations.ts';
import { createReservation, findOwned, labelIdOf } from './reservation-owner.ts';
import { type VolumeClaim, createClaimId } from './volume-claim.ts';
import type { VolumeSelection } from './volume-selection.ts';

/** Name, in ids, of what is reserved beside volumes. */
const PLAIN = 'resources';

/** Held by this very instance, volumes apart. What it has given up is given back in the same ACCEPT. */
export function isReservedWith(resource: Resource, { owner, held }: VolumeClaim): boolean {
  if (findOwned(resource, owner)?.name !== PLAIN) return false;
  const id = labelIdOf(resource);
  return held.some((entry) => labelIdOf(entry) === id);
}

interface Plain {
  readonly claim: VolumeClaim;
  readonly selection: VolumeSelection;
  readonly usable: readonly Resource[];
  /** As offered, without volumes. */
  readonly task: readonly Resource[];
  readonly executor: readonly Resource[];
}

/** One id for all of it, the one that it has already if some was reserved before. */
function findPlainId({ claim, usable }: Plain): string {
  const held = usable.find((resource) => isReservedWith(resource, claim));
  return (held && labelIdOf(held)) ?? createClaimId(claim, PLAIN);
}

/** How each piece looks when it is reserved; what the role was given by the operator stays as it is. */
function createReserver(plain: Plain): (piece: Resource) => Resource {
  const { claim } = plain;
  if (claim.reserve === 'volumes') return (piece) => piece;
  const reservation = createReservation(findPlainId(plain), claim.role, claim.principal);
  return (piece) => (isReservedTo(piece, claim.role) ? piece : pushReservation(piece, reservation));
}

/** Of what was reserved for it before: more than it needs now. */
function listSurplus({ claim, usable, task, executor }: Plain): Resource[] {
  const own = usable.filter((resource) => isReservedWith(resource, claim));
  return own.length === 0 ? [] : subtractResources(own, [...task, ...executor]);
}

export function planReservation(plain: Plain): Omit<Placement, 'ports'> {
  const { volumes } = plain.selection;
  const reserveOf = createReserver(plain);
  const before = [...plain.task, ...plain.executor];
  const [task, executor] = [plain.task.map(reserveOf), plain.executor.map(reserveOf)];
  const after = [...task, ...executor];
  const surplus = listSurplus(plain);
  const reserve = [
    ...volumes.flatMap((volume) => volume.reserve ?? []),
    ...sumResources(after.filter((piece, index) => piece !== before[index])),
  ];
  const operations = [
    ...surplus.flatMap(renderRelease),
    ...renderReserving({ reserve, create: volumes.flatMap(({ create }) => create ?? []) }),
  ];
  const own = after.filter((piece) => findOwned(piece, plain.claim.owner) !== undefined);
  const made = volumes.map(({ volume }) => volume);
  const reserved = [...made, ...sumResources(own)];
  const keepsState = volumes.every(({ create }) => create === undefined);
  return {
    task: [...task, ...made],
    executor,
    taken: [...before, ...surplus, ...volumes.map(({ taken }) => taken)],
    reservation: { operations, reserved, keepsState },
  };
}
