/** Which of the operator's properties concern which component: a change restarts the instances of that one only. */
import type { AlluxioSettings } from './settings.ts';
import { FRAMEWORK_OPTIONS } from './framework-options.ts';
import { sortJavaOptions } from './java-options.ts';
import { ALLUXIO_OPTIONS } from './option-table.ts';
import { isSecretSetting } from './secret-settings.ts';

export interface ComponentSettings {
  readonly settings: Readonly<Record<string, string>>;
  readonly secretSettings: Readonly<Record<string, string>>;
}

type Component = 'master' | 'worker';

/** All that is under these is read by the other component only. */
const FOREIGN: Readonly<Record<Component, readonly string[]>> = {
  master: [
    'alluxio.worker.',
    'alluxio.integration.worker.',
    'alluxio.integration.mesos.ramdisk.',
    'alluxio.integration.mesos.worker.',
  ],
  worker: [
    'alluxio.master.journal.',
    'alluxio.master.metastore.',
    'alluxio.master.backup.',
    'alluxio.master.daily.backup.',
    'alluxio.master.embedded.journal.',
    'alluxio.integration.master.',
    'alluxio.integration.mesos.master.',
  ],
};
/** Every process of Alluxio checks these at its start, whatever tiers it has itself. */
const OF_ALL = /^alluxio\.worker\.tieredstore\.(?:levels$|level\d\.alias$)/;
const FRAMEWORK_KEYS = new Set(Object.values(FRAMEWORK_OPTIONS).map(({ key }): string => key));
/** Where a master's state lies and in what form: under another value it would start from nothing. */
export const FIXED_MASTER_SETTINGS: readonly string[] = [
  ALLUXIO_OPTIONS.journalType.key,
  ALLUXIO_OPTIONS.journalFolder.key,
  ALLUXIO_OPTIONS.metastoreDirectory.key,
];

function concerns(key: string, component: Component): boolean {
  if (FRAMEWORK_KEYS.has(key)) return false;
  return OF_ALL.test(key) || !FOREIGN[component].some((prefix) => key.startsWith(prefix));
}

function listCommandLine(text: string): string {
  return sortJavaOptions(text, '').options.join(' ');
}

/** Java options are no property, but what people look for in a plan. `-Dalluxio.…` among them are properties already. */
function listJavaOptions({ options }: AlluxioSettings, component: Component): [string, string][] {
  const names = ['javaOpts', component === 'master' ? 'masterJavaOpts' : 'workerJavaOpts'];
  return options
    .filter(({ name, setting }) => names.includes(name) && setting)
    .map(({ option, text }): [string, string] => [option.key, listCommandLine(text ?? '')])
    .filter(([, text]) => text !== '');
}

/** What is in force, so that a default that is written out is no change. */
function listFixed({ options }: AlluxioSettings): [string, string][] {
  return options.flatMap(({ option, text }): [string, string][] =>
    FIXED_MASTER_SETTINGS.includes(option.key) && text !== undefined ? [[option.key, text]] : [],
  );
}

export function describeComponentSettings(
  settings: AlluxioSettings,
  component: Component,
): ComponentSettings {
  const site = settings.site.map(({ key, value }): [string, string] => [key, value]);
  const fixed = component === 'master' ? listFixed(settings) : [];
  const own = [...site, ...fixed, ...listJavaOptions(settings, component)].filter(([key]) =>
    concerns(key, component),
  );
  return {
    settings: Object.fromEntries(own.filter(([key, value]) => !isSecretSetting(key, value))),
    secretSettings: Object.fromEntries(own.filter(([key, value]) => isSecretSetting(key, value))),
  };
}
