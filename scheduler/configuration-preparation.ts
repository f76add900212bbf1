/** Makes a configuration ready to be launched from: its artifacts are served, and what it is has been described. */
import { StevedoreError } from '../protocol/errors.ts';
import type { ArtifactServer } from '../server/artifact-server.ts';
import { type ServingParts, prepareLaunches } from './artifact-serving.ts';
import type { ChosenConfiguration } from './configuration-choice.ts';
import { createConfigurationHash } from './configuration-digest.ts';
import type { GivenConfiguration } from './core/rollout/apply-configuration.ts';
import { describeVersion } from './core/rollout/configuration-description.ts';
import type { LaunchSurroundings } from './core/task-info.ts';

export interface PreparedConfiguration extends GivenConfiguration {
  readonly surroundings: LaunchSurroundings;
}

export async function prepareConfiguration(
  server: ArtifactServer,
  parts: ServingParts,
  chosen: ChosenConfiguration,
): Promise<PreparedConfiguration> {
  const { spec, framework, digest, refused } = chosen;
  const surroundings = await prepareLaunches(server, parts, chosen);
  const digests = Object.entries(surroundings.artifacts).map(([name, { sha256 }]) => [name, sha256]);
  const description = describeVersion(spec, {
    snapshot: digest,
    user: framework.user,
    principal: framework.principal,
    artifactDigests: Object.fromEntries(digests) as Record<string, string>,
    hash: createConfigurationHash(parts.state.clusterKey),
  });
  return { spec, description, surroundings, ...(refused !== undefined && { refused }) };
}

/** For a rollback. @throws StevedoreError ERR_CONFIGURATION_UNUSABLE, and what building it throws */
export function rebuildConfiguration(parts: ServingParts, digest: string): ChosenConfiguration {
  const { configuration, framework } = parts.options;
  const snapshot = parts.state.snapshots.get(digest);
  if (snapshot === undefined)
    throw new StevedoreError('ERR_CONFIGURATION_UNUSABLE', { problems: 'its snapshot is not kept any more' });
  return { digest, snapshot, spec: configuration.build(snapshot), framework };
}
