/** Storage tiers of a worker: which lie in the ramdisk, which are directories, and what they cost. */
import { StevedoreError } from '../../protocol/errors.ts';
import { DEFAULT_TIER_ALIASES } from './cluster-properties.ts';
import type { AlluxioSettings } from './settings.ts';
import { describeVolumeTier, findVolumeOrder } from './volume-tiers.ts';
import { NOTHING, type WorkerStorage } from './worker-storage.ts';
import { describeDirectories, parseSizes, sum } from './tier-directories.ts';

const MIB = 1024 * 1024;
const DEFAULT_RAMDISK_BYTES = 1024 * MIB;
/** Alluxio keeps this much of every directory free when it aligns tiers: more than a small directory has. */
const DEFAULT_RESERVED_BYTES = 1024 * MIB;
const RESERVED_KEY = 'alluxio.worker.management.tier.align.reserved.bytes';

function describeDiskTier(settings: AlluxioSettings, level: number): WorkerStorage {
  const prefix = `alluxio.worker.tieredstore.level${level}`;
  const sizes = parseSizes(settings, `${prefix}.dirs.quota`);
  if (sizes.length === 0)
    throw new StevedoreError('ERR_ALLUXIO_TIER_QUOTA', { level, key: `${prefix}.dirs.quota` });
  const group = { name: `tier${level}`, pathKey: `${prefix}.dirs.path`, sizes };
  const tier = describeDirectories(settings, group);
  const set = { [`${prefix}.dirs.path`]: tier.paths, [`${prefix}.dirs.quota`]: tier.sizes.join(',') };
  return { ...NOTHING, directories: tier.directories, diskBytes: sum(tier.sizes), set };
}

function sizeRamdisk(settings: AlluxioSettings): number {
  const key = 'alluxio.worker.tieredstore.level0.dirs.quota';
  const quota = sum(parseSizes(settings, key));
  const sizeBytes = settings.values.ramdiskSize ?? (quota > 0 ? quota : DEFAULT_RAMDISK_BYTES);
  if (sizeBytes < MIB) throw new StevedoreError('ERR_ALLUXIO_RAMDISK_EMPTY', { sizeBytes });
  if (quota > sizeBytes) {
    const [quotaMiB, ramdiskMiB] = [Math.ceil(quota / MIB), Math.floor(sizeBytes / MIB)];
    throw new StevedoreError('ERR_ALLUXIO_RAMDISK_SIZE', { key, quotaMiB, ramdiskMiB });
  }
  return sizeBytes;
}

function describeRamdiskTier(settings: AlluxioSettings): WorkerStorage {
  const ramdiskBytes = sizeRamdisk(settings);
  const prefix = 'alluxio.worker.tieredstore.level0.dirs';
  const isDefault =
    settings.values.ramdiskSize === undefined && settings.property(`${prefix}.quota`) === undefined;
  return {
    ...NOTHING,
    ramdiskBytes,
    set: {
      'alluxio.worker.ramdisk.size': String(ramdiskBytes),
      [`${prefix}.path`]: '@{ramdisk}',
      [`${prefix}.quota`]: String(ramdiskBytes),
      [`${prefix}.mediumtype`]: 'MEM',
    },
    warnings: isDefault
      ? ['alluxio.worker.ramdisk.size is not set: every worker gets a ramdisk of 1 GiB.']
      : [],
  };
}

function describePageStore(settings: AlluxioSettings): WorkerStorage {
  const sizes = parseSizes(settings, 'alluxio.worker.page.store.sizes');
  const pathKey = 'alluxio.worker.page.store.dirs';
  const store = describeDirectories(settings, {
    name: 'pages',
    pathKey,
    sizes: sizes.length > 0 ? sizes : [512 * MIB],
  });
  const overhead = Number(settings.property('alluxio.worker.page.store.overhead') ?? '0.1');
  const set = { [pathKey]: store.paths, 'alluxio.worker.page.store.sizes': store.sizes.join(',') };
  const diskBytes = Math.ceil(sum(store.sizes) * (1 + (Number.isFinite(overhead) ? overhead : 0.1)));
  return { ...NOTHING, directories: store.directories, diskBytes, set };
}

function describeTier(settings: AlluxioSettings, level: number): WorkerStorage {
  const alias =
    settings.property(`alluxio.worker.tieredstore.level${level}.alias`) ?? DEFAULT_TIER_ALIASES[level];
  const order = findVolumeOrder(settings, level, alias);
  if (order !== undefined) return describeVolumeTier(settings, order);
  return level === 0 && alias === 'MEM' ? describeRamdiskTier(settings) : describeDiskTier(settings, level);
}

/** A tenth of the smallest directory, where Alluxio's own default would leave nothing of it. */
function reserveSpace(
  settings: AlluxioSettings,
  set: Readonly<Record<string, string>>,
): Record<string, string> {
  if (settings.property(RESERVED_KEY) !== undefined) return {};
  const quotas = Object.entries(set).filter(([key]) => key.endsWith('.dirs.quota'));
  const sizes = quotas.flatMap(([, value]) => value.split(',').map(Number));
  const reserved = Math.floor(Math.min(...sizes) / 10);
  return reserved < DEFAULT_RESERVED_BYTES ? { [RESERVED_KEY]: String(reserved) } : {};
}

/** @throws StevedoreError ERR_ALLUXIO_TIER_QUOTA, ERR_ALLUXIO_RAMDISK_SIZE, ERR_ALLUXIO_PROPERTY, ERR_ALLUXIO_PATH */
export function describeWorkerStorage(settings: AlluxioSettings): WorkerStorage {
  if (settings.values.blockStoreType === 'PAGE') return describePageStore(settings);
  const tiers = Array.from({ length: settings.values.tierLevels }, (_, level) =>
    describeTier(settings, level),
  );
  const set = Object.assign({}, ...tiers.map((tier) => tier.set)) as Record<string, string>;
  return {
    ramdiskBytes: sum(tiers.map((tier) => tier.ramdiskBytes)),
    directories: tiers.flatMap((tier) => tier.directories),
    volumes: tiers.flatMap((tier) => tier.volumes),
    diskBytes: sum(tiers.map((tier) => tier.diskBytes)),
    set: { ...set, ...reserveSpace(settings, set) },
    warnings: tiers.flatMap((tier) => tier.warnings),
  };
}
