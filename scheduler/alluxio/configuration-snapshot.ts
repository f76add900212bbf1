/** All that an Alluxio service was configured with, as text that the same service can be built from again. */
import { listKeys, type OptionDefinition, type Setting } from '../../config/option-table.ts';
import { buildAlluxioService } from './alluxio-service.ts';
import { PROCESS_OPTIONS } from './framework-options.ts';
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

/** What concerns one scheduler on its host differs between those that share a state, and changes nothing that runs. */
const PROCESS_KEYS = new Set(Object.values<OptionDefinition>(PROCESS_OPTIONS).flatMap(listKeys));

/** Other values may refer to such a key. */
function isKept({ key }: Setting, { file, flags }: AlluxioConfiguration): boolean {
  return !PROCESS_KEYS.has(key) || [...file, ...flags].some(({ value }) => value.includes(`\${${key}}`));
}

/** Origins are left out: a line that moves in a file is no change. */
function selectSettings(settings: readonly Setting[], configuration: AlluxioConfiguration): Setting[] {
  return settings
    .filter((setting) => isKept(setting, configuration))
    .map(({ key, value }) => ({ key, value, origin: 'the stored configuration' }));
}

/** It holds the operator's secrets. */
export function renderAlluxioSnapshot(configuration: AlluxioConfiguration): string {
  const { file, environment, flags, installation } = configuration;
  return JSON.stringify({
    version: 1,
    file: selectSettings(file, configuration),
    environment: selectEnvironment(environment),
    flags: selectSettings(flags, configuration),
    installation,
  });
}

/** @throws StevedoreErrors with every setting that is impossible */
export function buildFromSnapshot(snapshot: string): ServiceSpec {
  const configuration = JSON.parse(snapshot) as AlluxioConfiguration;
  return buildAlluxioService(resolveAlluxioSettings(configuration)).spec;
}
