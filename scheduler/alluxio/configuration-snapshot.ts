/** All that an Alluxio service was configured with, as text that the same service can be built from again. */
import { listKeys, type OptionDefinition, type Setting } from '../../config/option-table.ts';
import { StevedoreError, StevedoreErrors } from '../../protocol/errors.ts';
import { buildAlluxioService } from './alluxio-service.ts';
import { PROCESS_OPTIONS } from './framework-options.ts';
import { ALLUXIO_OPTIONS } from './option-table.ts';
import { isSecretSetting } from './secret-settings.ts';
import { type AlluxioConfiguration, resolveAlluxioSettings } from './settings.ts';
import type { ServiceSpec } from '../core/service-spec.ts';

/** As it is stored: a secret is left out, and taken from what the operator gives the scheduler at that time. */
interface StoredSetting {
  readonly key: string;
  readonly value?: string;
}

function toStored(key: string, value: string): StoredSetting {
  return isSecretSetting(key, value) ? { key } : { key, value };
}

/** The variables that options read, and no other: an environment holds much that is nobody's business. */
function selectEnvironment(environment: AlluxioConfiguration['environment']): StoredSetting[] {
  const names = Object.values(ALLUXIO_OPTIONS).flatMap((option) =>
    'environment' in option ? option.environment : [],
  );
  return names.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [toStored(name, value)];
  });
}

/** What concerns one scheduler on its host differs between those that share a state, and changes nothing that runs. */
const PROCESS_KEYS = new Set(Object.values<OptionDefinition>(PROCESS_OPTIONS).flatMap(listKeys));

/** Other values may refer to such a key. */
function isKept({ key }: Setting, { file, flags }: AlluxioConfiguration): boolean {
  return !PROCESS_KEYS.has(key) || [...file, ...flags].some(({ value }) => value.includes(`\${${key}}`));
}

/** Origins are left out: a line that moves in a file is no change. */
function selectSettings(settings: readonly Setting[], configuration: AlluxioConfiguration): StoredSetting[] {
  return settings
    .filter((setting) => isKept(setting, configuration))
    .map(({ key, value }) => toStored(key, value));
}

/** Without the operator's secrets: no state store holds one. */
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

interface Snapshot {
  readonly file: readonly StoredSetting[];
  readonly environment: readonly StoredSetting[];
  readonly flags: readonly StoredSetting[];
  readonly installation?: string;
}

const ORIGIN = 'the stored configuration';

/** Wherever the operator has written it by now. */
function findSecret(key: string, { file, flags, environment }: AlluxioConfiguration): string | undefined {
  return [...flags, ...file].find((setting) => setting.key === key)?.value ?? environment[key];
}

function restore(
  stored: readonly StoredSetting[],
  present: AlluxioConfiguration,
  missing: StevedoreError[],
): Setting[] {
  return stored.flatMap(({ key, value = findSecret(key, present) }) => {
    if (value !== undefined) return [{ key, value, origin: ORIGIN }];
    missing.push(new StevedoreError('ERR_ALLUXIO_SECRET_MISSING', { key }));
    return [];
  });
}

/**
 * @param present what the operator gives now: the only place where secrets are
 * @throws StevedoreErrors with every setting that is impossible, and every secret that is not there any more
 */
export function buildFromSnapshot(snapshot: string, present: AlluxioConfiguration): ServiceSpec {
  const { file, environment, flags, installation } = JSON.parse(snapshot) as Snapshot;
  const missing: StevedoreError[] = [];
  const configuration: AlluxioConfiguration = {
    file: restore(file, present, missing),
    environment: Object.fromEntries(
      restore(environment, present, missing).map(({ key, value }) => [key, value]),
    ),
    flags: restore(flags, present, missing),
    ...(installation !== undefined && { installation }),
  };
  if (missing.length > 0) throw new StevedoreErrors(missing);
  return buildAlluxioService(resolveAlluxioSettings(configuration)).spec;
}
