/** Alluxio as the engine knows it: one master, workers after it, and what they run from. */
import { listType } from '../../config/option-types.ts';
import { StevedoreError, StevedoreErrors } from '../../protocol/errors.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { decideClusterProperties } from './cluster-properties.ts';
import { type Distribution, resolveDistribution } from './distribution.ts';
import { type JavaRuntime, resolveJavaRuntime } from './java-runtime.ts';
import { describeMaster } from './master.ts';
import type { AlluxioSettings } from './settings.ts';
import { requestSite, SITE_ARTIFACT } from './site-files.ts';
import { describeWorker } from './worker.ts';

export interface AlluxioService {
  readonly spec: ServiceSpec;
  /** For the operator: what was decided instead of what is written, or may surprise. */
  readonly warnings: readonly string[];
}

/** Runs every check, so that the operator hears of all problems at once. */
function collect<T>(problems: StevedoreError[], check: () => T): T | undefined {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof StevedoreError)) throw error;
    problems.push(error);
    return undefined;
  }
}

/** Several masters, however they are asked for. */
function refuseSeveralMasters({ values, property }: AlluxioSettings): void {
  const refuse = (key: string, value: string | number): never => {
    throw new StevedoreError('ERR_ALLUXIO_MASTER_COUNT', { key, value });
  };
  if (values.masterNodeCount > 1)
    refuse('alluxio.integration.mesos.master.node.count', values.masterNodeCount);
  for (const key of ['alluxio.master.embedded.journal.addresses', 'alluxio.master.rpc.addresses']) {
    const addresses = property(key) ?? '';
    if (listType.parse(addresses).length > 1) refuse(key, addresses);
  }
  const zookeeper = 'alluxio.zookeeper.enabled';
  if (property(zookeeper)?.trim().toLowerCase() === 'true') refuse(zookeeper, 'true');
}

function checkClusterName({ values }: AlluxioSettings): void {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(values.cluster))
    throw new StevedoreError('ERR_ALLUXIO_CLUSTER_NAME', { value: values.cluster });
}

function warnIgnored({ isSet, values }: AlluxioSettings): string[] {
  const isPinned = values.masterHost === values.masterHostname;
  return [
    ...(isSet('workerDataPort')
      ? ['alluxio.worker.data.port is not used: since Alluxio 2.0 data goes over alluxio.worker.rpc.port.']
      : []),
    ...(isSet('masterHostname') && !isPinned
      ? [
          `alluxio.master.hostname = ${values.masterHostname} does not choose the host of the master: name it as the second argument of the start script, or in alluxio.integration.mesos.master.hostname.`,
        ]
      : []),
    ...(isSet('dependencyPath')
      ? [
          'alluxio.integration.mesos.executor.dependency.path is an old key: write alluxio.integration.mesos.alluxio.jar.url.',
        ]
      : []),
  ];
}

function describeContext(settings: AlluxioSettings, distribution: Distribution, java: JavaRuntime) {
  const requests = [...distribution.artifacts, ...java.artifacts, requestSite(settings)];
  const artifacts = [...distribution.artifacts, ...java.artifacts].map(({ name }) => name);
  const cluster = decideClusterProperties(settings);
  return {
    requests,
    context: { settings, distribution, java, cluster, artifacts: [...artifacts, SITE_ARTIFACT] },
  };
}

/** What a check needs of one that failed does not matter then: the service is not built. */
const NO_DISTRIBUTION: Distribution = { artifacts: [], home: '', warnings: [] };
const NO_JAVA: JavaRuntime = { artifacts: [], candidates: [], warnings: [] };

/** @throws StevedoreErrors with every setting that is impossible. */
export function buildAlluxioService(settings: AlluxioSettings): AlluxioService {
  const problems: StevedoreError[] = [];
  collect(problems, () => checkClusterName(settings));
  collect(problems, () => refuseSeveralMasters(settings));
  const distribution = collect(problems, () => resolveDistribution(settings)) ?? NO_DISTRIBUTION;
  const java = collect(problems, () => resolveJavaRuntime(settings)) ?? NO_JAVA;
  const { requests, context } = describeContext(settings, distribution, java);
  const master = collect(problems, () => describeMaster(context));
  const worker = collect(problems, () => describeWorker(context));
  if (problems.length > 0 || master === undefined || worker === undefined)
    throw new StevedoreErrors(problems);
  return {
    spec: {
      service: 'alluxio',
      cluster: settings.values.cluster,
      components: [master, worker.component],
      artifacts: requests,
    },
    warnings: [
      ...settings.warnings,
      ...distribution.warnings,
      ...java.warnings,
      ...context.cluster.warnings,
      ...worker.warnings,
      ...warnIgnored(settings),
    ],
  };
}
