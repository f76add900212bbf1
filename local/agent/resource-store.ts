/** What the agent has: the resources of its flags, and what operations made of them, which outlives every restart. */
import { StevedoreError } from '../../protocol/errors.ts';
import type { Resource } from '../../protocol/mesos/resource.ts';
import { addResources, containsResources, subtractResources } from '../../protocol/resources.ts';
import {
  convert,
  conversionsOf,
  isCheckpointed,
  type ResourceOperation,
  undoOperations,
} from '../operations.ts';
import type { Checkpoint } from './checkpoint.ts';
import { createVolume, destroyVolume } from './volumes.ts';

/** @throws StevedoreError ERR_LOCAL_RESERVATIONS_LOST */
function restore(flags: readonly Resource[], made: readonly Resource[], workDir: string): Resource[] {
  const taken = made.map(undoOperations);
  if (!containsResources(flags, taken)) {
    const reserved = made
      .map(({ name, reservations }) => `${name}(${reservations?.at(-1)?.role})`)
      .join(', ');
    throw new StevedoreError('ERR_LOCAL_RESERVATIONS_LOST', { reserved, directory: workDir });
  }
  return addResources(subtractResources(flags, taken), made);
}

export class ResourceStore {
  readonly #checkpoint: Checkpoint;
  readonly #workDir: string;
  #total: readonly Resource[];

  /** @throws StevedoreError ERR_LOCAL_RESERVATIONS_LOST */
  constructor(checkpoint: Checkpoint, workDir: string, flags: readonly Resource[]) {
    this.#checkpoint = checkpoint;
    this.#workDir = workDir;
    this.#total = restore(flags, checkpoint.readResources(), workDir);
  }

  get total(): readonly Resource[] {
    return this.#total;
  }

  /** False when the agent lacks what the operation needs; then nothing changed. */
  apply(operation: ResourceOperation): boolean {
    let total = [...this.#total];
    for (const conversion of conversionsOf(operation)) {
      const converted = convert(total, conversion);
      if (converted === undefined) return false;
      total = converted;
    }
    // Directories are there before anybody may be told, and gone before the id may be used again.
    if (operation.type === 'CREATE')
      for (const volume of operation.create.volumes) createVolume(this.#workDir, volume);
    this.#checkpoint.saveResources(total.filter(isCheckpointed));
    this.#total = total;
    if (operation.type === 'DESTROY')
      for (const volume of operation.destroy.volumes) destroyVolume(this.#workDir, volume);
    return true;
  }
}
