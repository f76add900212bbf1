/** `stevedore alluxio …`: words of the command line, as the old start script had them. */
import { parseArgs } from 'node:util';
import { renderOptionHelp } from '../../config/option-reference.ts';
import type { OptionDefinition, OptionTable, Setting } from '../../config/option-table.ts';
import { booleanType } from '../../config/option-types.ts';
import { StevedoreError } from '../../protocol/errors.ts';
import { ALLUXIO_OPTIONS } from './option-table.ts';

export interface AlluxioArguments {
  readonly action: 'start' | 'stop' | 'config' | 'help';
  readonly settings: readonly Setting[];
  /** Folder of the built executor bundle, if not the repository's own. */
  readonly bundle?: string;
  /** Drops the stored framework id, which Mesos knows as removed. */
  readonly newFramework: boolean;
}

const ACTIONS = ['start', 'stop', 'config', 'help'] as const;
const TABLE: OptionTable = ALLUXIO_OPTIONS;
const FLAGGED = Object.values(TABLE).filter((option) => option.flag !== undefined);

const USAGE = `Usage: stevedore alluxio start [MESOS_MASTER [ALLUXIO_MASTER_HOST]] [options]
       stevedore alluxio stop [options]      end the cluster: kill its tasks and its framework
       stevedore alluxio config [options]    print the configuration in force, and where each value comes from

MESOS_MASTER is host:port, several with commas, zk://h1:2181,h2:2181/mesos, or file:///path of a file with one of these;
without it ${ALLUXIO_OPTIONS.master.key} counts. ALLUXIO_MASTER_HOST is the only agent that the master may run on.
Properties come from conf/alluxio-site.properties of ALLUXIO_HOME (or of ALLUXIO_CONF_DIR), the environment, and
  -Dkey=value   one property; it counts before the environment, and that before the file
  --bundle DIR  folder of the executor bundle
  --new-framework  run under a new framework id, after Mesos has removed the former one
  --help        print this
`;

export function renderAlluxioHelp(): string {
  return `${USAGE}\n${renderOptionHelp(TABLE)}\n`;
}

function parseProperty(text: string): Setting {
  const [, key, value] = /^([^=\s]+)=([\s\S]*)$/.exec(text) ?? [];
  if (key === undefined || value === undefined)
    throw new StevedoreError('ERR_ALLUXIO_USAGE', { problem: `-D${text} is not of the form -Dkey=value.` });
  return { key, value, origin: '-D on the command line' };
}

/** A flag for yes or no takes no value. */
function flagTypeOf(option: OptionDefinition): 'string' | 'boolean' {
  return option.type === booleanType ? 'boolean' : 'string';
}

function parseWords(argv: readonly string[]) {
  const flags = FLAGGED.map((option) => [option.flag as string, { type: flagTypeOf(option) }] as const);
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      define: { type: 'string', short: 'D', multiple: true },
      help: { type: 'boolean', short: 'h' },
      bundle: { type: 'string' },
      'new-framework': { type: 'boolean' },
      ...Object.fromEntries(flags),
    },
  });
  return { values: values as Readonly<Record<string, string | boolean | string[] | undefined>>, positionals };
}

function collectFlags(values: ReturnType<typeof parseWords>['values']): Setting[] {
  return FLAGGED.flatMap((option) => {
    const value = values[option.flag as string];
    if (typeof value !== 'string' && typeof value !== 'boolean') return [];
    return [{ key: option.key, value: String(value), origin: `--${option.flag}` }];
  });
}

function readAction(word: string | undefined): AlluxioArguments['action'] {
  const action = ACTIONS.find((candidate) => candidate === word);
  if (action !== undefined) return action;
  const problem = word === undefined ? 'What shall be done?' : `'${word}' is none of start, stop, config.`;
  throw new StevedoreError('ERR_ALLUXIO_USAGE', { problem });
}

function checkPositionals(action: AlluxioArguments['action'], words: readonly string[]): void {
  const most = action === 'start' ? 2 : 0;
  const extra = words[most];
  if (extra !== undefined)
    throw new StevedoreError('ERR_ALLUXIO_USAGE', { problem: `'${extra}' is one word too many.` });
}

function readPositionals([mesosMaster, masterHost]: readonly string[]): Setting[] {
  const { master, masterHost: host } = ALLUXIO_OPTIONS;
  return [
    ...(mesosMaster === undefined ? [] : [{ key: master.key, value: mesosMaster, origin: 'first argument' }]),
    ...(masterHost === undefined ? [] : [{ key: host.key, value: masterHost, origin: 'second argument' }]),
  ];
}

/** @throws StevedoreError ERR_ALLUXIO_USAGE, and those of node:util.parseArgs for unknown flags. */
export function parseAlluxioArguments(argv: readonly string[]): AlluxioArguments {
  const { values, positionals } = parseWords(argv);
  if (values['help'] === true) return { action: 'help', settings: [], newFramework: false };
  const [word, ...words] = positionals;
  const action = readAction(word);
  checkPositionals(action, words);
  const defined = Array.isArray(values['define']) ? values['define'].map(parseProperty) : [];
  const bundle = values['bundle'];
  return {
    action,
    settings: [...defined, ...collectFlags(values), ...readPositionals(words)],
    ...(typeof bundle === 'string' && { bundle }),
    newFramework: values['new-framework'] === true,
  };
}
