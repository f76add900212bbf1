/** An agent's resources under the operations of ACCEPTs, with the checks that a Mesos master makes of them. */
import type { Offer } from '../../protocol/mesos/framework.ts';
import type { Resource } from '../../protocol/mesos/resource.ts';
import { addResources, containsResources, subtractResources } from '../../protocol/resources.ts';
import type { EngineEffect } from '../../scheduler/core/engine-effects.ts';
import type { ResourceOperation } from '../../scheduler/core/volumes/operations.ts';
import { makeOffer } from './engine-world.ts';

function withoutLast(resource: Resource): Resource {
  const { reservations = [], ...rest } = resource;
  const before = reservations.slice(0, -1);
  return before.length === 0 ? rest : { ...rest, reservations: before };
}

function withoutPersistence(resource: Resource): Resource {
  const { disk, ...rest } = resource;
  return disk?.source === undefined ? rest : { ...rest, disk: { source: disk.source } };
}

function checkReservation(resource: Resource, role: string, principal: string | undefined): string[] {
  const reservations = resource.reservations ?? [];
  const [last, before] = [reservations.at(-1), reservations.at(-2)];
  const problems = [
    ...(last?.type === 'DYNAMIC' ? [] : ['reserves nothing']),
    ...(last?.role === role ? [] : [`reserves for ${last?.role}, offered to ${role}`]),
    ...(last?.principal === principal ? [] : [`reserves with principal ${last?.principal}`]),
  ];
  if (before !== undefined && !role.startsWith(`${before.role}/`))
    problems.push('refines no parent of the role');
  return problems;
}

export class VolumeAgent {
  readonly problems: string[] = [];
  readonly #host: string;
  readonly #role: string;
  readonly #principal: string | undefined;
  free: Resource[];
  readonly #used = new Map<string, readonly Resource[]>();

  constructor(host: string, free: readonly Resource[], about: { role: string; principal?: string }) {
    this.#host = host;
    this.#role = about.role;
    this.#principal = about.principal;
    this.free = [...free];
  }

  offer(): Offer {
    return { ...makeOffer(this.#host, this.free), allocation_info: { role: this.#role } };
  }

  has(taskId: string): boolean {
    return this.#used.has(taskId);
  }

  /** A task has ended. */
  end(taskId: string): void {
    this.free = addResources(this.free, this.#used.get(taskId) ?? []);
    this.#used.delete(taskId);
  }

  get volumes(): Resource[] {
    return [...this.free, ...[...this.#used.values()].flat()].filter(({ disk }) => disk?.persistence);
  }

  /** Answers to this agent's offer; `dropped` ones of the operations have no effect. */
  perform(
    effects: readonly EngineEffect[],
    offer: Offer,
    dropped: readonly ResourceOperation['type'][] = [],
  ): void {
    for (const effect of effects) {
      if (effect.kind !== 'accept' && effect.kind !== 'release') continue;
      if (effect.offerId !== offer.id.value) continue;
      for (const operation of effect.operations) if (!dropped.includes(operation.type)) this.apply(operation);
      if (effect.kind === 'release') continue;
      for (const { placed, placement } of effect.launches)
        this.launch(placed.taskId, [...placement.task, ...placement.executor]);
    }
  }

  launch(taskId: string, resources: readonly Resource[]): void {
    if (!containsResources(this.free, resources)) {
      this.problems.push(`${taskId} uses more than there is`);
      return;
    }
    this.free = subtractResources(this.free, resources);
    this.#used.set(taskId, resources);
  }

  apply(operation: ResourceOperation): void {
    switch (operation.type) {
      case 'RESERVE':
        return this.#reserve(operation.reserve.resources);
      case 'UNRESERVE':
        return this.#replace('UNRESERVE', operation.unreserve.resources, withoutLast);
      case 'CREATE':
        return this.#create(operation.create.volumes);
      case 'DESTROY':
        return this.#replace('DESTROY', operation.destroy.volumes, withoutPersistence);
    }
  }

  #reserve(resources: readonly Resource[]): void {
    for (const resource of resources)
      this.problems.push(...checkReservation(resource, this.#role, this.#principal));
    this.#exchange('RESERVE', resources.map(withoutLast), resources);
  }

  #create(volumes: readonly Resource[]): void {
    for (const { reservations, disk } of volumes) {
      if ((reservations ?? []).length === 0) this.problems.push('CREATE on what is not reserved');
      if (disk?.persistence?.principal !== this.#principal)
        this.problems.push('CREATE with another principal');
      if (disk?.volume?.container_path.includes('/')) this.problems.push('a nested container path');
      if (this.volumes.some((other) => other.disk?.persistence?.id === disk?.persistence?.id))
        this.problems.push(`volume id ${disk?.persistence?.id} is taken`);
    }
    this.#exchange('CREATE', volumes.map(withoutPersistence), volumes);
  }

  #replace(type: string, resources: readonly Resource[], convert: (resource: Resource) => Resource): void {
    this.#exchange(type, resources, resources.map(convert));
  }

  #exchange(type: string, from: readonly Resource[], to: readonly Resource[]): void {
    if (containsResources(this.free, from)) this.free = addResources(subtractResources(this.free, from), to);
    else this.problems.push(`${type} of what is not there`);
  }
}
