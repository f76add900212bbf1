/** What one launch of a worker holds, once it is placed. */
import { StevedoreError } from '../../protocol/errors.ts';
import type { PeerAddress, PlacedInstance, ServiceLaunch } from '../core/service-spec.ts';
import { decideBindHosts, selectNetworkStack, selectProbeHost } from './addresses.ts';
import { type ComponentContext, KILL_GRACE_MS, READY_DEADLINE_MS } from './components.ts';
import { renderJavaCommand, SERVICE_ENVIRONMENT } from './java-command.ts';
import { prepareJavaCheck } from './java-runtime.ts';
import type { AlluxioSettings } from './settings.ts';
import { describeSiteFiles } from './site-files.ts';
import type { WorkerStorage } from './worker-storage.ts';

const BIND_KEYS = ['alluxio.worker.bind.host', 'alluxio.worker.web.bind.host'];

export interface WorkerPlan {
  readonly context: ComponentContext;
  readonly storage: WorkerStorage;
  readonly ramdisk?: NonNullable<ServiceLaunch['ramdisk']>;
  readonly javaOptions: readonly string[];
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
    ...decideBindHosts(context.settings, BIND_KEYS, placed),
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

export function launchWorker(plan: WorkerPlan, placed: PlacedInstance): ServiceLaunch {
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
