/** What the tiers of a worker, or its page store, come to. */
import type { DirectorySpec } from '../../protocol/launch-spec.ts';
import type { VolumeRequest } from '../core/service-spec.ts';

export interface WorkerStorage {
  /** 0: no ramdisk. */
  readonly ramdiskBytes: number;
  readonly directories: readonly DirectorySpec[];
  /** That directories lie in; they are no part of `diskBytes`. */
  readonly volumes: readonly VolumeRequest[];
  /** Asked of Mesos as disk. */
  readonly diskBytes: number;
  readonly set: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

export const NOTHING: WorkerStorage = {
  ramdiskBytes: 0,
  directories: [],
  volumes: [],
  diskBytes: 0,
  set: {},
  warnings: [],
};
