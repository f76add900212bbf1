/** Tiers of a worker that lie in persistent volumes. */
import { StevedoreError } from '../../protocol/errors.ts';
import type { VolumeRequest } from '../core/service-spec.ts';
import { ALLUXIO_OPTIONS } from './option-table.ts';
import type { AlluxioSettings } from './settings.ts';
import { parseSizes } from './tier-directories.ts';
import { describeVolume, refusePath } from './volumes.ts';
import { NOTHING, type WorkerStorage } from './worker-storage.ts';

interface TierOrder {
  readonly level: number;
  readonly key: string;
  readonly disk: VolumeRequest['disk'];
}

/** Undefined for a tier without volumes. @throws StevedoreError ERR_ALLUXIO_VOLUME_PATH for one in memory */
export function findVolumeOrder(
  { values }: AlluxioSettings,
  level: number,
  alias: string | undefined,
): TierOrder | undefined {
  const name = (['tier0Volume', 'tier1Volume', 'tier2Volume'] as const)[level];
  const disk = name && values[name];
  if (name === undefined || disk === undefined) return undefined;
  const { key } = ALLUXIO_OPTIONS[name];
  const pathKey = `alluxio.worker.tieredstore.level${level}.alias`;
  if (alias === 'MEM') throw new StevedoreError('ERR_ALLUXIO_VOLUME_PATH', { key, pathKey, value: alias });
  return { level, key, disk };
}

/** One directory for each quota, in a volume of that size. */
export function describeVolumeTier(
  settings: AlluxioSettings,
  { level, key, disk }: TierOrder,
): WorkerStorage {
  const prefix = `alluxio.worker.tieredstore.level${level}.dirs`;
  const sizes = parseSizes(settings, `${prefix}.quota`);
  if (sizes.length === 0)
    throw new StevedoreError('ERR_ALLUXIO_TIER_QUOTA', { level, key: `${prefix}.quota` });
  refusePath(settings, key, `${prefix}.path`);
  const made = sizes.map((sizeBytes, index) =>
    describeVolume(settings, { name: `tier${level}-${index}`, sizeBytes, disk, component: 'worker', key }),
  );
  const paths = made.map(({ directory }) => `@{directory.${directory.name}}`).join(',');
  return {
    ...NOTHING,
    directories: made.map(({ directory }) => directory),
    volumes: made.map(({ volume }) => volume),
    set: { [`${prefix}.path`]: paths, [`${prefix}.quota`]: sizes.join(',') },
  };
}
