/**
 * Whose a reservation or a volume is. Both outlive tasks, frameworks and schedulers and are only ever seen in offers, so
 * what this scheduler makes carries an id that is found again there: `<cluster>.<instance>.<name>.<state>.<unique>`.
 */
import type { Label, Reservation, Resource } from '../../../protocol/mesos/resource.ts';

/** One cluster under one state: a cluster of the same name under another state is somebody else's. */
export interface ReservationOwner {
  readonly cluster: string;
  /** Made with the first reservation and kept with the state. */
  readonly state: string;
}

export interface OwnedId extends ReservationOwner {
  readonly instance: string;
  /** Of the volume, or `resources`. */
  readonly name: string;
  readonly unique: string;
}

const CLUSTER_LABEL = 'stevedore.cluster';
const INSTANCE_LABEL = 'stevedore.instance';
const ID_LABEL = 'stevedore.id';

const ID = /^(?<cluster>.+)\.(?<instance>[^.]+)\.(?<name>[^.]+)\.(?<state>[^.]+)\.(?<unique>[^.]+)$/;

export function renderOwnedId({ cluster, instance, name, state, unique }: OwnedId): string {
  return [cluster, instance, name, state, unique].join('.');
}

export function parseOwnedId(id: string): OwnedId | undefined {
  const groups = ID.exec(id)?.groups;
  return groups === undefined ? undefined : ({ ...groups } as unknown as OwnedId);
}

/** Readable for people, too: Mesos shows the labels. */
export function createReservation(id: string, role: string, principal: string | undefined): Reservation {
  const { cluster = '', instance = '' } = parseOwnedId(id) ?? {};
  const labels: Label[] = [
    { key: CLUSTER_LABEL, value: cluster },
    { key: INSTANCE_LABEL, value: instance },
    { key: ID_LABEL, value: id },
  ];
  return { type: 'DYNAMIC', role, ...(principal !== undefined && { principal }), labels: { labels } };
}

function findLabel(reservation: Reservation | undefined, key: string): string | undefined {
  return reservation?.labels?.labels?.find((label) => label.key === key)?.value;
}

export function labelIdOf(resource: Resource): string | undefined {
  return findLabel(resource.reservations?.at(-1), ID_LABEL);
}

/** The id under which a resource can be ours: that of its reservation, or of a volume on a reservation of the operator's. */
export function idOf(resource: Resource): string | undefined {
  return labelIdOf(resource) ?? resource.disk?.persistence?.id;
}

/** Undefined for everything that another made, also under another state of this cluster. */
export function findOwned(resource: Resource, owner: ReservationOwner): OwnedId | undefined {
  const id = idOf(resource);
  const parsed = id === undefined ? undefined : parseOwnedId(id);
  return parsed?.cluster === owner.cluster && parsed.state === owner.state ? parsed : undefined;
}
