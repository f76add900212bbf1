/** Persistent volumes of masters and workers, and the directories that lie in them. */
import { StevedoreError } from '../../protocol/errors.ts';
import type { DirectorySpec } from '../../protocol/launch-spec.ts';
import type { ComponentSpec, VolumeRequest } from '../core/service-spec.ts';
import { describeRole, listRoles } from '../options/role-options.ts';
import type { AlluxioSettings } from './settings.ts';

const MIB = 1024 * 1024;

export interface VolumeDirectory {
  readonly directory: DirectorySpec;
  readonly volume: VolumeRequest;
}

export interface VolumeOrder {
  readonly name: string;
  readonly sizeBytes: number;
  readonly disk: VolumeRequest['disk'];
  readonly component: 'master' | 'worker';
  /** The option that asks for it. */
  readonly key: string;
}

/** @throws StevedoreError ERR_ALLUXIO_VOLUME_ROLE */
export function describeVolume({ values }: AlluxioSettings, order: VolumeOrder): VolumeDirectory {
  const { name, sizeBytes, disk, component, key } = order;
  const role = describeRole(values, component) ?? listRoles(values, [])[0];
  if (role === '*') throw new StevedoreError('ERR_ALLUXIO_VOLUME_ROLE', { key });
  const sizeMiB = Math.max(1, Math.ceil(sizeBytes / MIB));
  return {
    directory: { name, kind: 'state', path: `@{sandbox}/${name}/data` },
    volume: { name, sizeMiB, disk, containerPath: name },
  };
}

/** What is placed in a volume cannot be placed elsewhere. @throws StevedoreError ERR_ALLUXIO_VOLUME_PATH */
export function refusePath(settings: AlluxioSettings, key: string, pathKey: string): void {
  const value = settings.property(pathKey);
  if (value !== undefined) throw new StevedoreError('ERR_ALLUXIO_VOLUME_PATH', { key, pathKey, value });
}

export function requestVolumes(
  { values }: AlluxioSettings,
  volumes: readonly VolumeRequest[],
): Pick<ComponentSpec, 'volumes' | 'reserve'> {
  return volumes.length === 0 ? {} : { volumes, reserve: values.reserve };
}
