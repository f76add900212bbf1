/** Which java runs Alluxio on the agent. */
import type { LaunchSpec } from '../../protocol/launch-spec.ts';
import { StevedoreError } from '../../protocol/errors.ts';
import type { ArtifactRequest } from '../core/service-spec.ts';
import { isLocal, requestTree, unquote, warnQuotes } from './distribution.ts';
import type { AlluxioSettings } from './settings.ts';

export interface JavaRuntime {
  readonly artifacts: readonly ArtifactRequest[];
  /** Paths of java, the first that exists is taken. */
  readonly candidates: readonly string[];
  readonly warnings: readonly string[];
}

type PrepareSpec = LaunchSpec['prepare'][number];

/** Where distributions and images put it. The plain PATH entry comes last, as it is often the newest version. */
const USUAL_PLACES = [
  '/usr/lib/jvm/default-java/bin/java',
  '/usr/lib/jvm/java-11-openjdk-amd64/bin/java',
  '/usr/lib/jvm/java-11-openjdk-arm64/bin/java',
  '/usr/lib/jvm/java-11-openjdk/bin/java',
  '/usr/lib/jvm/java-17-openjdk-amd64/bin/java',
  '/usr/lib/jvm/java-17-openjdk-arm64/bin/java',
  '/usr/lib/jvm/java-17-openjdk/bin/java',
  '/usr/lib/jvm/java-8-openjdk-amd64/bin/java',
  '/usr/lib/jvm/java-1.8.0-openjdk/bin/java',
  '/opt/java/openjdk/bin/java',
  '/usr/local/openjdk-11/bin/java',
  '/usr/local/bin/java',
  '/usr/bin/java',
];

/** @throws StevedoreError ERR_ALLUXIO_LOCATION, ERR_ALLUXIO_JDK_PATH */
export function resolveJavaRuntime({ values }: AlluxioSettings): JavaRuntime {
  const key = 'alluxio.integration.mesos.jdk.url';
  const warnings = warnQuotes(key, values.jdkUrl);
  if (!isLocal(values.jdkUrl) && unquote(values.jdkUrl) !== '')
    return {
      artifacts: [requestTree('jdk', key, values.jdkUrl)],
      candidates: ['@{tree.jdk}/bin/java'],
      warnings,
    };
  const path = unquote(values.jdkPath ?? '');
  if (path !== '' && !path.startsWith('/')) throw new StevedoreError('ERR_ALLUXIO_JDK_PATH', { value: path });
  const candidates = path === '' ? USUAL_PLACES : [`${path.replace(/\/$/, '')}/bin/java`];
  return { artifacts: [], candidates, warnings };
}

/** Tells a wrong Java before Alluxio fails on it in its own words. */
export function prepareJavaCheck(java: JavaRuntime): PrepareSpec {
  return {
    name: 'java-version',
    command: { choices: java.candidates.map((path) => ({ requires: path, argv: [path, '-version'] })) },
    expect: {
      pattern: 'version "(?:1\\.8|11|17)[."_-]',
      message:
        'Alluxio 2.9 needs Java 8, 11 or 17. Set alluxio.integration.mesos.jdk.path to such a JDK on the agents, or alluxio.integration.mesos.jdk.url to the tarball of one.',
    },
    timeoutMs: 30_000,
  };
}
