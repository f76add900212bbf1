/** All that an Alluxio service was configured with, as text that the same service can be built from again. */
import type { Setting } from '../../config/option-table.ts';
import { buildAlluxioService } from './alluxio-service.ts';
import { ALLUXIO_OPTIONS } from './option-table.ts';
import { type AlluxioConfiguration, resolveAlluxioSettings } from './settings.ts';
import type { ServiceSpec } from '../core/service-spec.ts';

/** The variables that options read, and no other: an environment holds much that is nobody's business. */
function selectEnvironment(environment: AlluxioConfiguration['environment']): Record<string, string> {
  const names = Object.values(ALLUXIO_OPTIONS).flatMap((option) =>
    'environment' in option ? option.environment : [],
  );
  return Object.fromEntries(
    names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
}

/** Origins are left out: a line that moves in a file is no change. */
function withoutOrigins(settings: readonly Setting[]): Setting[] {
  return settings.map(({ key, value }) => ({ key, value, origin: 'the stored configuration' }));
}

/** It holds the operator's secrets. */
export function renderAlluxioSnapshot({
  file,
  environment,
  flags,
  installation,
}: AlluxioConfiguration): string {
  return JSON.stringify({
    version: 1,
    file: withoutOrigins(file),
    environment: selectEnvironment(environment),
    flags: withoutOrigins(flags),
    installation,
  });
}

/** @throws StevedoreErrors with every setting that is impossible */
export function buildFromSnapshot(snapshot: string): ServiceSpec {
  const configuration = JSON.parse(snapshot) as AlluxioConfiguration;
  return buildAlluxioService(resolveAlluxioSettings(configuration)).spec;
}
