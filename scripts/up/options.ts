/** The arguments of `stevedore up` and `stevedore down`. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StevedoreError } from '../../protocol/errors.ts';
import { CHECKOUT } from './layout.ts';

export const SERVICES = ['alluxio', 'fixture'] as const;
export type ServiceName = (typeof SERVICES)[number];

export interface UpOptions {
  readonly service: ServiceName;
  /** `host:port` of a Mesos that runs already; unset: one of our own. */
  readonly mesos?: string;
  /** Of our own Mesos; 0: any free one. */
  readonly port: number;
  readonly directory: string;
  /** Site properties on top of the demonstration's own. */
  readonly properties: Readonly<Record<string, string>>;
}

const DEFAULT_DIRECTORY = join(CHECKOUT, '.stevedore');

export const UP_USAGE = `Usage: stevedore up [--service ${SERVICES.join('|')}] [--mesos HOST:PORT] [--port 5050]

Brings up a cluster and holds it until Ctrl-C, which ends all of it.
  --service NAME     what to run (alluxio)
  --mesos HOST:PORT  a Mesos whose agents see this directory; without it a local one is started
  --port N           port of the local Mesos master (5050)
  -D KEY=VALUE       a property of Alluxio, in place of the demonstration's; none that is secret
  --directory DIR    where the cluster keeps everything (.stevedore of the checkout)
`;

export const DOWN_USAGE = `Usage: stevedore down [--directory DIR]

Ends what \`stevedore up\` started, also when it was killed.
`;

function parseService(text: string): ServiceName {
  const service = SERVICES.find((name) => name === text);
  if (service !== undefined) return service;
  throw new StevedoreError('ERR_UP_SERVICE', { service: text, known: SERVICES.join(', ') });
}

function parseProperties(words: readonly string[]): Record<string, string> {
  const pairs = words.map((word) => {
    const at = word.indexOf('=');
    if (at < 1) throw new StevedoreError('ERR_UP_ADDRESS', { flag: '-D', value: word, form: 'KEY=VALUE' });
    return [word.slice(0, at), word.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

/** Undefined when help is asked for. @throws StevedoreError ERR_UP_SERVICE, ERR_UP_ADDRESS, and those of parseArgs. */
export function parseUpOptions(argv: readonly string[]): UpOptions | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      service: { type: 'string', default: 'alluxio' },
      mesos: { type: 'string' },
      port: { type: 'string', default: '5050' },
      directory: { type: 'string', default: DEFAULT_DIRECTORY },
      define: { type: 'string', short: 'D', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return undefined;
  const { mesos, port } = values;
  if (mesos !== undefined && !/^[^\s/]+:\d+$/.test(mesos))
    throw new StevedoreError('ERR_UP_ADDRESS', { flag: '--mesos', value: mesos, form: 'host:port' });
  if (!/^\d{1,5}$/.test(port))
    throw new StevedoreError('ERR_UP_ADDRESS', { flag: '--port', value: port, form: 'a port number' });
  const base = {
    service: parseService(values.service),
    port: Number(port),
    directory: resolve(values.directory),
    properties: parseProperties(values.define),
  };
  return mesos === undefined ? base : { ...base, mesos };
}

/** Undefined when help is asked for. */
export function parseDownOptions(argv: readonly string[]): { readonly directory: string } | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      directory: { type: 'string', default: DEFAULT_DIRECTORY },
      help: { type: 'boolean', short: 'h' },
    },
  });
  return values.help === true ? undefined : { directory: resolve(values.directory) };
}
