/** From what the operator wrote, wherever, to one set of settings: typed values of ours and the properties of the tasks. */
import { collectEnvironment, listKeys, type OptionValues, type Setting } from '../../config/option-table.ts';
import { type ResolvedOption, type Resolution, resolveOptions } from '../../config/option-resolution.ts';
import type { PropertyEntry } from '../../config/properties.ts';
import { expandReferences } from '../../config/references.ts';
import { type StevedoreError, StevedoreErrors } from '../../protocol/errors.ts';
import { sortJavaOptions } from './java-options.ts';
import { PROCESS_OPTIONS, SERVICE_OPTIONS } from './framework-options.ts';
import { ALLUXIO_NAME_SPACES, ALLUXIO_OPTIONS } from './option-table.ts';

export interface AlluxioConfiguration {
  /** conf/alluxio-site.properties. */
  readonly file: readonly Setting[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** -D and flags. */
  readonly flags: readonly Setting[];
  /** The installation that the start script runs from. */
  readonly installation?: string;
}

type AlluxioValues = OptionValues<typeof ALLUXIO_OPTIONS>;
type OptionName = keyof typeof ALLUXIO_OPTIONS;

export interface AlluxioSettings {
  /** What it was resolved from. */
  readonly configuration: AlluxioConfiguration;
  readonly values: AlluxioValues;
  readonly isSet: (name: OptionName) => boolean;
  /** What the operator set for any key, references replaced. */
  readonly property: (key: string) => string | undefined;
  /** All that goes to masters and workers, before placement adds to it. */
  readonly site: readonly PropertyEntry[];
  readonly masterJavaOptions: readonly string[];
  readonly workerJavaOptions: readonly string[];
  readonly installation?: string;
  /** For `--print-config`. */
  readonly options: readonly ResolvedOption[];
  readonly warnings: readonly string[];
}

/** On the command line of a task already. */
const JAVA_OPTIONS: readonly string[] = ['masterJavaOpts', 'workerJavaOpts', 'javaOpts'];
/** Of no use to a task, and in part none of its business. */
const WITHHELD: readonly string[] = [
  ...Object.keys(SERVICE_OPTIONS),
  ...Object.keys(PROCESS_OPTIONS),
  ...JAVA_OPTIONS,
];
/** They name masters that placement knows better. Settings with more than one master are refused elsewhere. */
const DECIDED_BY_PLACEMENT = ['alluxio.master.rpc.addresses', 'alluxio.master.embedded.journal.addresses'];

type AlluxioResolution = Resolution<typeof ALLUXIO_OPTIONS>;

/**
 * One value a key, under today's name: Alluxio itself would take either of a key and its alias, in no certain order.
 * Values stay as they are written; Alluxio replaces `${…}` itself.
 */
function mergeSite(all: readonly Setting[], resolution: AlluxioResolution): PropertyEntry[] {
  const ours = new Set(Object.values(ALLUXIO_OPTIONS).flatMap(listKeys));
  const site = new Map<string, string>();
  for (const { key, value } of all)
    if (!ours.has(key) && !DECIDED_BY_PLACEMENT.includes(key)) site.set(key, value);
  for (const { name, option, setting } of resolution.options)
    if (setting !== undefined && !WITHHELD.includes(name)) site.set(option.key, setting.value);
  return [...site].map(([key, value]) => ({ key, value }));
}

function createPropertyLookUp(all: readonly Setting[], resolution: AlluxioResolution) {
  const texts = new Map(all.map(({ key, value }) => [key, value]));
  for (const { option, setting } of resolution.options)
    if (setting !== undefined) texts.set(option.key, setting.value);
  const defaults = new Map(resolution.options.map(({ option, text }) => [option.key, text]));
  return (key: string) => {
    const text = texts.get(key);
    return text === undefined
      ? undefined
      : expandReferences(text, (name) => texts.get(name) ?? defaults.get(name));
  };
}

function sortAllJavaOptions(resolution: AlluxioResolution) {
  const sort = (name: OptionName) => {
    const resolved = resolution.options.find((option) => option.name === name);
    return sortJavaOptions(resolved?.text ?? '', resolved?.setting?.origin ?? 'default');
  };
  const [both, master, worker] = [sort('javaOpts'), sort('masterJavaOpts'), sort('workerJavaOpts')];
  return {
    properties: [...both.properties, ...master.properties, ...worker.properties],
    problems: [...both.problems, ...master.problems, ...worker.problems],
    master: [...both.options, ...master.options],
    worker: [...both.options, ...worker.options],
  };
}

/** @throws StevedoreErrors with every problem at once. */
export function resolveAlluxioSettings(configuration: AlluxioConfiguration): AlluxioSettings {
  const { file, flags, installation } = configuration;
  const environment = collectEnvironment(ALLUXIO_OPTIONS, configuration.environment);
  const javaOptions = sortAllJavaOptions(resolveOptions(ALLUXIO_OPTIONS, { flags, environment, file }));
  const sources = { flags, environment: [...environment, ...javaOptions.properties], file };
  const resolution = resolveOptions(ALLUXIO_OPTIONS, sources, ALLUXIO_NAME_SPACES);
  const problems: StevedoreError[] = [...resolution.problems, ...javaOptions.problems];
  if (problems.length > 0) throw new StevedoreErrors(problems);
  const all = [...sources.file, ...sources.environment, ...sources.flags];
  return {
    configuration,
    values: resolution.values,
    isSet: resolution.isSet,
    property: createPropertyLookUp(all, resolution),
    site: mergeSite(all, resolution),
    masterJavaOptions: javaOptions.master,
    workerJavaOptions: javaOptions.worker,
    ...(installation !== undefined && { installation }),
    options: resolution.options,
    warnings: resolution.warnings,
  };
}
