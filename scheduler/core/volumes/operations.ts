/** What is done to offered resources, as operations of an ACCEPT in the order in which Mesos must apply them. */
import type { Operation } from '../../../protocol/mesos/operation.ts';
import type { Resource } from '../../../protocol/mesos/resource.ts';
import { withoutVolume } from './disk-shape.ts';
import { labelIdOf } from './reservation-owner.ts';

export type ResourceOperation = Exclude<Operation, { type: 'LAUNCH' }>;

export interface Reserving {
  /** Each with the reservation that it shall have. */
  readonly reserve: readonly Resource[];
  /** Volumes on what is reserved then. */
  readonly create: readonly Resource[];
}

/** One operation a resource: Mesos drops an operation as a whole. */
export function renderReserving({ reserve, create }: Reserving): ResourceOperation[] {
  return [
    ...reserve.map((resource) => ({ type: 'RESERVE' as const, reserve: { resources: [resource] } })),
    ...create.map((volume) => ({ type: 'CREATE' as const, create: { volumes: [volume] } })),
  ];
}

/** Gives back exactly what was offered: the volume, and the reservation if it is one of ours. */
export function renderRelease(resource: Resource): ResourceOperation[] {
  const isVolume = resource.disk?.persistence !== undefined;
  const isReserved = labelIdOf(resource) !== undefined;
  const bare = isVolume ? withoutVolume(resource) : resource;
  return [
    ...(isVolume ? [{ type: 'DESTROY' as const, destroy: { volumes: [resource] } }] : []),
    ...(isReserved ? [{ type: 'UNRESERVE' as const, unreserve: { resources: [bare] } }] : []),
  ];
}
