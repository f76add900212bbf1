/** A worker: keeps blocks in its ramdisk and tiers. One on a host. */
import { listType } from '../../config/option-types.ts';
import { StevedoreError } from '../../protocol/errors.ts';
import type { ComponentSpec } from '../core/service-spec.ts';
import { describeComponentSettings } from './component-settings.ts';
import { checkMemory, type ComponentContext, describeOperation, requestPort } from './components.ts';
import { fitJavaOptions } from './java-options.ts';
import type { AlluxioSettings } from './settings.ts';
import { describeWorkerStorage } from './tiers.ts';
import type { WorkerStorage } from './worker-storage.ts';
import { requestVolumes } from './volumes.ts';
import { launchWorker, type WorkerPlan } from './worker-launch.ts';

const MEM_KEY = 'alluxio.integration.worker.resource.mem';
const MIB = 1024 * 1024;

/** @throws StevedoreError ERR_ALLUXIO_RAMDISK_PATH */
function describeRamdisk(settings: AlluxioSettings, sizeBytes: number): WorkerPlan['ramdisk'] {
  if (sizeBytes === 0) return undefined;
  const sharing = settings.values.ramdiskSharing;
  if (sharing === 'private') return { sizeBytes, sharing };
  const [path, ...others] = listType.parse(settings.values.ramFolder ?? '');
  if (path === undefined || others.length > 0 || !path.startsWith('/'))
    throw new StevedoreError('ERR_ALLUXIO_RAMDISK_PATH');
  return { sizeBytes, sharing, path };
}

export interface DescribedWorker {
  readonly component: ComponentSpec;
  readonly warnings: readonly string[];
}

function describeResources({ values }: AlluxioSettings, jvmMiB: number, storage: WorkerStorage) {
  return {
    cpusMilli: Math.round(values.workerCpu * 1000),
    memMiB: jvmMiB + Math.ceil(storage.ramdiskBytes / MIB),
    diskMiB: Math.ceil(storage.diskBytes / MIB),
  };
}

function planWorker(context: ComponentContext, jvmMiB: number): WorkerPlan {
  const storage = describeWorkerStorage(context.settings);
  const ramdisk = describeRamdisk(context.settings, storage.ramdiskBytes);
  const memory = { memMiB: jvmMiB, shares: { heap: 0.5, direct: 0.3 }, key: MEM_KEY };
  const javaOptions = fitJavaOptions(context.settings.workerJavaOptions, memory);
  return { context, storage, ...(ramdisk && { ramdisk }), javaOptions };
}

/** @throws StevedoreError ERR_ALLUXIO_MEMORY, ERR_ALLUXIO_HEAP, and those of tiers.ts */
export function describeWorker(context: ComponentContext): DescribedWorker {
  const { settings } = context;
  const jvmMiB = checkMemory(MEM_KEY, settings.values.workerMem);
  const plan = planWorker(context, jvmMiB);
  const { storage, ramdisk } = plan;
  const component: ComponentSpec = {
    name: 'worker',
    taskName: settings.values.workerName,
    count: settings.values.workerCount ?? 'every-agent',
    resources: describeResources(settings, jvmMiB, storage),
    ports: [requestPort(settings, 'rpc', 'workerRpcPort'), requestPort(settings, 'web', 'workerWebPort')],
    after: ['master'],
    uniqueHost: true,
    pinned: storage.directories.length > 0,
    ...requestVolumes(settings, storage.volumes),
    // What it holds is a cache: files are in the storage under Alluxio, or on another worker.
    allowDecommission: true,
    countBounds: { least: 1 },
    ...describeComponentSettings(settings, 'worker'),
    ...describeOperation(settings, 'worker'),
    ...(ramdisk?.sharing === 'private' && { shmMiB: Math.ceil(ramdisk.sizeBytes / MIB) }),
    launch: (placed) => launchWorker(plan, placed),
  };
  return { component, warnings: storage.warnings };
}
