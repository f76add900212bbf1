/** Names of configurations and of what they hold: by a hash under the cluster's key. */
import { createHmac } from 'node:crypto';
import { describeVersion } from './core/rollout/configuration-description.ts';
import type { ConfigurationDescription } from './core/rollout/configuration-version.ts';
import type { ServiceSpec } from './core/service-spec.ts';
import type { FrameworkOptions } from './scheduler-options.ts';
import type { SchedulerState } from './state/scheduler-state.ts';

type Hash = (text: string) => string;

/** With the cluster's key: what is hashed may be a password that somebody could guess. */
export function createConfigurationHash(clusterKey: Uint8Array): Hash {
  return (text) =>
    createHmac('sha256', clusterKey).update('stevedore configuration\n').update(text).digest('hex');
}

export interface UnpreparedParts {
  readonly framework: FrameworkOptions;
  readonly state: SchedulerState;
  readonly snapshot: string;
}

/** Without its artifacts, of which nothing is known before they are served. */
export function describeUnprepared(
  { framework, state, snapshot }: UnpreparedParts,
  spec: ServiceSpec,
): ConfigurationDescription {
  const hash = createConfigurationHash(state.clusterKey);
  const { user, principal } = framework;
  return describeVersion(spec, { snapshot: hash(snapshot), user, principal, artifactDigests: {}, hash });
}
