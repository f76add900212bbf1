/** The ramdisk of a service: private where the agent permits it, and always as large as it says. */
import { join } from 'node:path';
import { renderByteSize } from '../../../protocol/byte-size.ts';
import { messageOf, StevedoreError } from '../../../protocol/errors.ts';
import type { LaunchSpec } from '../../../protocol/launch-spec.ts';
import { toDirectoryName } from '../../core/delivery/directory-name.ts';
import { openHeldDirectory } from './held-directory.ts';
import type { Ramdisk, RamdiskContext } from './held-ramdisk.ts';
import { openHostRamdisk } from './ramdisk-host.ts';
import { openNamespaceRamdisk } from './ramdisk-namespace.ts';
import { openSharedMemory, readMemoryFileSystem, SHARED_MEMORY_PATH } from './shared-memory.ts';

/** A tmpfs counts in pages, and Mesos in MB. */
const TOLERANCE_BYTES = 1024 * 1024;

/** @throws StevedoreError ERR_RAMDISK_REFUSED, ERR_RAMDISK_HOST */
export async function openRamdisk(spec: LaunchSpec, context: RamdiskContext): Promise<Ramdisk | undefined> {
  const { ramdisk } = spec;
  if (ramdisk === undefined) return undefined;
  const shmPath = context.shmPath ?? SHARED_MEMORY_PATH;
  if (ramdisk.sharing === 'host') {
    const name = `${toDirectoryName(spec.cluster)}-${toDirectoryName(spec.instance)}`;
    return await openHostRamdisk(ramdisk.path ?? shmPath, name, ramdisk.sizeBytes);
  }
  return await openPrivateRamdisk(ramdisk.sizeBytes, shmPath, context);
}

async function openPrivateRamdisk(
  sizeBytes: number,
  shmPath: string,
  context: RamdiskContext,
): Promise<Ramdisk> {
  const ways = [
    () => openPrivateShm(sizeBytes, shmPath, context),
    () => openNamespaceRamdisk(sizeBytes, context),
    () => openSharedShm(sizeBytes, shmPath, context),
  ];
  const problems: string[] = [];
  for (const open of ways) {
    const result = await open().catch((error: unknown) => ({ problem: messageOf(error) }));
    context.signal.throwIfAborted();
    if (!('problem' in result)) return result;
    problems.push(result.problem);
    context.log(`ramdisk: ${result.problem}`);
  }
  const size = renderByteSize(sizeBytes);
  throw new StevedoreError('ERR_RAMDISK_REFUSED', { size, problem: problems.join('; ') });
}

type Attempt = Promise<Ramdisk | { readonly problem: string }>;

/** `shm_size` of the container: only an agent with the isolator makes /dev/shm just so large. */
async function openPrivateShm(sizeBytes: number, shmPath: string, context: RamdiskContext): Attempt {
  const { kind, totalBytes } = await readMemoryFileSystem(shmPath);
  if (kind !== 'tmpfs' || Math.abs(totalBytes - sizeBytes) > TOLERANCE_BYTES)
    return { problem: `${shmPath} is not private: ${kind} of ${renderByteSize(totalBytes)}` };
  return await openInShm(shmPath, 'private-shm', context);
}

async function openSharedShm(sizeBytes: number, shmPath: string, context: RamdiskContext): Attempt {
  const { kind, freeBytes } = await readMemoryFileSystem(shmPath);
  if (kind !== 'tmpfs' || freeBytes < sizeBytes)
    return { problem: `${shmPath}: ${kind} with ${renderByteSize(freeBytes)} free` };
  return await openInShm(shmPath, 'shared-shm', context);
}

async function openInShm(shmPath: string, label: Ramdisk['label'], context: RamdiskContext): Attempt {
  const memory = await openSharedMemory(shmPath);
  if ('problem' in memory) return memory;
  const held = await openHeldDirectory(join(memory.path, 'ramdisk'), context.name, context.signal);
  return { path: held.path, label, enter: [], release: held.release };
}
