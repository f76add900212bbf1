/** A worker: keeps blocks in its ramdisk and tiers. One on a host. */
import { StevedoreError } from '../../protocol/errors.ts';
import { listType } from '../../config/option-types.ts';
import type { ComponentSpec, PeerAddress, PlacedInstance, ServiceLaunch } from '../core/service-spec.ts';
import { decideBindHosts, selectNetworkStack, selectProbeHost } from './addresses.ts';
import {
  checkMemory,
  type ComponentContext,
  KILL_GRACE_MS,
  READY_DEADLINE_MS,
  requestPort,
} from './components.ts';
import { renderJavaCommand, SERVICE_ENVIRONMENT } from './java-command.ts';
import { fitJavaOptions } from './java-options.ts';
import { prepareJavaCheck } from './java-runtime.ts';
import type { AlluxioSettings } from './settings.ts';
import { describeSiteFiles } from './site-files.ts';
import { describeWorkerStorage, type WorkerStorage } from './tiers.ts';

const WORKER_BIND_KEYS = ['alluxio.worker.bind.host', 'alluxio.worker.web.bind.host'];
const MEM_KEY = 'alluxio.integration.worker.resource.mem';
const MIB = 1024 * 1024;

interface WorkerPlan {
  readonly context: ComponentContext;
  readonly storage: WorkerStorage;
  readonly ramdisk?: NonNullable<ServiceLaunch['ramdisk']>;
  readonly javaOptions: readonly string[];
}

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

/** The engine starts workers after the master, so there is one; a launch without it would wait an hour for nothing. */
function requireMaster(placed: PlacedInstance): PeerAddress {
  const master = placed.peers['master']?.[0];
  if (master === undefined)
    throw new StevedoreError('ERR_ALLUXIO_MASTER_ABSENT', { instance: placed.instance });
  return master;
}

/** What placement decides; it replaces what the operator wrote under the same keys. */
function decideProperties({ context, storage }: WorkerPlan, placed: PlacedInstance): Record<string, string> {
  const master = requireMaster(placed);
  return {
    ...context.cluster.set,
    ...decideBindHosts(context.settings, WORKER_BIND_KEYS, placed),
    ...storage.set,
    'alluxio.master.hostname': master.host,
    'alluxio.master.rpc.port': String(master.ports['rpc']),
    'alluxio.master.web.port': String(master.ports['web']),
    'alluxio.worker.hostname': placed.host,
    'alluxio.worker.web.hostname': placed.host,
    'alluxio.worker.rpc.port': String(placed.ports['rpc']),
    'alluxio.worker.web.port': String(placed.ports['web']),
    'alluxio.work.dir': '@{directory.work}',
  };
}

/** A worker opens its RPC port once the master has given it an id; it registers right after. */
function probeServing(settings: AlluxioSettings, placed: PlacedInstance): ServiceLaunch['readiness'] {
  return {
    kind: 'tcp',
    host: selectProbeHost(settings, 'alluxio.worker.bind.host', placed),
    port: placed.ports['rpc'] as number,
    intervalMs: 500,
    timeoutMs: 5000,
    deadlineMs: READY_DEADLINE_MS,
  };
}

function launchWorker(plan: WorkerPlan, placed: PlacedInstance): ServiceLaunch {
  const { context, storage, ramdisk, javaOptions } = plan;
  return {
    artifacts: context.artifacts,
    files: describeSiteFiles(decideProperties(plan, placed)),
    directories: [...storage.directories, { name: 'work', kind: 'scratch' }],
    ...(ramdisk && { ramdisk }),
    environment: SERVICE_ENVIRONMENT,
    prepare: [prepareJavaCheck(context.java)],
    command: renderJavaCommand({
      home: context.distribution.home,
      javaCandidates: context.java.candidates,
      logger: 'Console,WORKER_LOGGER',
      options: [selectNetworkStack(placed), ...javaOptions],
      mainClass: 'alluxio.worker.AlluxioWorker',
    }),
    readiness: probeServing(context.settings, placed),
    killGraceMs: KILL_GRACE_MS,
  };
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
    ...(ramdisk?.sharing === 'private' && { shmMiB: Math.ceil(ramdisk.sizeBytes / MIB) }),
    launch: (placed) => launchWorker(plan, placed),
  };
  return { component, warnings: storage.warnings };
}
