/** The configuration of the Alluxio that `up` starts: small, quick to start, and silent towards the outside. */
import { renderProperties } from '../../config/properties.ts';

/** What differs where the agents are this machine's own. */
export interface LocalAgents {
  readonly javaHome: string;
  readonly workerCount: number;
}

export interface DemoSettings {
  readonly ufsDirectory: string;
  /** Names the state on agents. */
  readonly cluster: string;
  /** Unset: agents of a Mesos elsewhere, with a Java of theirs, and one worker on each that fits. */
  readonly local?: LocalAgents;
  /** Added, or in place of ours. */
  readonly properties: Readonly<Record<string, string>>;
}

function describeLocal({ javaHome, workerCount }: LocalAgents): Readonly<Record<string, string>> {
  return {
    'alluxio.integration.mesos.jdk.path': javaHome,
    'alluxio.integration.mesos.worker.count': String(workerCount),
    'alluxio.integration.mesos.bind.host': '127.0.0.1',
  };
}

export function listDemoProperties(demo: DemoSettings): Readonly<Record<string, string>> {
  return {
    'alluxio.integration.mesos.cluster': demo.cluster,
    'alluxio.integration.mesos.jdk.url': 'LOCAL',
    ...(demo.local !== undefined && describeLocal(demo.local)),
    'alluxio.integration.master.resource.cpu': '1',
    'alluxio.integration.master.resource.mem': '1024MB',
    'alluxio.integration.worker.resource.cpu': '1',
    'alluxio.integration.worker.resource.mem': '1024MB',
    'alluxio.worker.ramdisk.size': '128MB',
    'alluxio.master.mount.table.root.ufs': demo.ufsDirectory,
    'alluxio.user.file.writetype.default': 'CACHE_THROUGH',
    'alluxio.user.block.size.bytes.default': '16MB',
    // Both would ask addresses outside: the newest version, and usage of clients.
    'alluxio.master.update.check.enabled': 'false',
    'alluxio.user.metrics.collection.enabled': 'false',
    // 1 GB of every tier is kept free by default, more than this ramdisk has.
    'alluxio.worker.management.tier.align.reserved.bytes': '0',
    'alluxio.master.metastore': 'HEAP',
    'alluxio.master.metastore.block': 'HEAP',
    'alluxio.master.metastore.inode': 'HEAP',
    'alluxio.master.journal.tailer.shutdown.quiet.wait.time': '100ms',
    'alluxio.master.journal.tailer.sleep.time': '100ms',
    'alluxio.master.worker.connect.wait.time': '1sec',
    // A worker that was replaced is forgotten soon, and a file of its blocks is read from the storage below.
    'alluxio.master.worker.timeout': '20sec',
    ...demo.properties,
  };
}

export function renderDemoProperties(demo: DemoSettings): string {
  const entries = Object.entries(listDemoProperties(demo)).map(([key, value]) => ({ key, value }));
  return renderProperties(entries);
}
