/** Why the master refuses an operation, in the texts of Mesos' src/master/validation.cpp. */
import type { Resource } from '../../protocol/mesos/resource.ts';
import {
  isDynamicallyReserved,
  isPersistentVolume,
  type ResourceOperation,
  reservationRole,
} from '../operations.ts';
import { findDuplicateVolume, findResourceProblem, findUseProblem } from '../resource-validation.ts';
import { renderResources } from './resource-text.ts';
import { unallocated } from './role-resources.ts';

/** What the operation is held against. */
export interface OperationContext {
  readonly roles: readonly string[];
  readonly principal: string | undefined;
  /** Of the agent, with what operations made of them. */
  readonly total: readonly Resource[];
  readonly used: readonly Resource[];
}

type Reserve = Extract<ResourceOperation, { type: 'RESERVE' }>['reserve'];

export function resourcesOf(operation: ResourceOperation): readonly Resource[] {
  switch (operation.type) {
    case 'RESERVE':
      return [...(operation.reserve.source ?? []), ...operation.reserve.resources];
    case 'UNRESERVE':
      return operation.unreserve.resources;
    case 'CREATE':
      return operation.create.volumes;
    case 'DESTROY':
      return operation.destroy.volumes;
  }
}

/** About resources that are none; told without the agent. */
export function findFormatProblem(resources: readonly Resource[]): string | undefined {
  for (const resource of resources) {
    const problem = findResourceProblem(resource);
    if (problem !== undefined)
      return `Resource '${renderResources(unallocated([resource]))}' is invalid: ${problem}`;
  }
  return undefined;
}

function findCommonProblem(resources: readonly Resource[]): string | undefined {
  const problem = findUseProblem(resources);
  if (problem !== undefined) return `Invalid resources: ${problem}`;
  return resources.length === 0
    ? 'Invalid resources: The resources have multiple resource providers: '
    : undefined;
}

function findStaticProblem(resource: Resource): string | undefined {
  return isDynamicallyReserved(resource)
    ? undefined
    : `Resource ${renderResources([resource])} is not dynamically reserved`;
}

function findPrincipalProblem(resource: Resource, principal: string | undefined): string | undefined {
  const named = resource.reservations?.at(-1)?.principal;
  if (principal === undefined || named === principal) return undefined;
  if (named === undefined)
    return `A reserve operation was attempted by principal '${principal}', but there is a reserved resource in the request with no principal set`;
  return `A reserve operation was attempted by authenticated principal '${principal}', which does not match a reserved resource in the request with principal '${named}'`;
}

function findRoleProblem(resource: Resource, roles: readonly string[]): string | undefined {
  const [allocated, reserved] = [resource.allocation_info?.role ?? '', reservationRole(resource)];
  if (allocated !== reserved)
    return `A reserve operation was attempted for a resource with role '${reserved}', but the resource was allocated to role '${allocated}'`;
  if (roles.includes(allocated)) return undefined;
  return `A reserve operation was attempted for a resource allocated to role '${allocated}', but the framework only has roles '{ ${roles.join(', ')} }'`;
}

function findReserveProblem({ resources }: Reserve, context: OperationContext): string | undefined {
  return resources
    .map(
      (resource) =>
        findStaticProblem(resource) ??
        findPrincipalProblem(resource, context.principal) ??
        findRoleProblem(resource, context.roles),
    )
    .find(Boolean);
}

function findUnreserveProblem(resource: Resource): string | undefined {
  const problem = findStaticProblem(resource);
  if (problem !== undefined || !isPersistentVolume(resource)) return problem;
  return `A dynamically reserved persistent volume ${renderResources([resource])} cannot be unreserved directly. Please destroy the persistent volume first then unreserve the resource`;
}

function findVolumeProblem(resource: Resource): string | undefined {
  const { disk } = resource;
  if (disk === undefined) return `Resource ${renderResources([resource])} does not have DiskInfo`;
  if (disk.persistence === undefined) return "'persistence' is not set in DiskInfo";
  if (disk.volume === undefined) return "Expecting 'volume' to be set for persistent volume";
  return disk.volume.mode === 'RO' ? 'Read-only persistent volume not supported' : undefined;
}

function findVolumesProblem(volumes: readonly Resource[]): string | undefined {
  const problem = volumes.map(findVolumeProblem).find(Boolean);
  return problem && `Not a persistent volume: ${problem}`;
}

function findOwnerProblem(volume: Resource, principal: string | undefined): string | undefined {
  const named = volume.disk?.persistence?.principal;
  if (principal === undefined || named === principal) return undefined;
  if (named === undefined)
    return `Create volume operation attempted by principal '${principal}', but there is a volume in the operation with no principal set in 'disk.persistence'`;
  return `Create volume operation attempted by authenticated principal '${principal}', which does not match a volume in the operation with principal '${named}' set in 'disk.persistence'`;
}

function findCreateProblem(volumes: readonly Resource[], context: OperationContext): string | undefined {
  return (
    findVolumesProblem(volumes) ??
    findDuplicateVolume([...context.total, ...volumes]) ??
    volumes.map((volume) => findOwnerProblem(volume, context.principal)).find(Boolean)
  );
}

function findDestroyProblem(volumes: readonly Resource[], context: OperationContext): string | undefined {
  const problem = findVolumesProblem(volumes);
  if (problem !== undefined) return problem;
  const has = (resources: readonly Resource[], volume: Resource): boolean => {
    const [wanted] = renderPlain([volume]);
    return renderPlain(resources).includes(wanted as string);
  };
  if (volumes.some((volume) => !has(context.total, volume))) return 'Persistent volumes not found';
  return volumes.some((volume) => has(context.used, volume)) ? 'Persistent volumes in use' : undefined;
}

/** Volumes are the same if all is the same, whoever they are allocated to. */
function renderPlain(resources: readonly Resource[]): string[] {
  return unallocated(resources).map((resource) => renderResources([resource]));
}

export function findOperationProblem(
  operation: ResourceOperation,
  context: OperationContext,
): string | undefined {
  const common = findCommonProblem(resourcesOf(operation));
  if (common !== undefined) return common;
  switch (operation.type) {
    case 'RESERVE':
      return findReserveProblem(operation.reserve, context);
    case 'UNRESERVE':
      return operation.unreserve.resources.map(findUnreserveProblem).find(Boolean);
    case 'CREATE':
      return findCreateProblem(operation.create.volumes, context);
    case 'DESTROY':
      return findDestroyProblem(operation.destroy.volumes, context);
  }
}
