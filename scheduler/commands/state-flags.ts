/** The flags that say where a state is, and what a `stevedore state` command does with it. */
import { parseDurationMs } from '../../protocol/duration.ts';
import { StevedoreError } from '../../protocol/errors.ts';
import { type StateLocation, parseStateLocation } from '../state/state-location.ts';
import { parseCommandFlags } from './command-flags.ts';

export const STATE_USAGE = `Usage: stevedore state show|export|import|rekey --cluster NAME WHERE [OPTIONS]

WHERE is --state-dir DIR (one scheduler) or --state zk://HOST:PORT,…/PATH (several).
  --state-zk-credentials FILE   user:password for ZooKeeper
  --state-key-file FILE         what its keys are encrypted with

show    lists the records and checks that they can be read
export  writes all as JSON to stdout [--with-keys]
import  reads such a JSON --from FILE into an empty state [--replace: also into another]
rekey   encrypts the keys anew with --new-key-file FILE, or leaves them --decrypted

import and rekey are refused while a scheduler of the cluster runs.`;

/** For every program that opens a state. */
export const STATE_LOCATION_FLAGS = {
  'state-dir': { type: 'string' },
  state: { type: 'string' },
  'state-zk-credentials': { type: 'string' },
  'state-zk-session-timeout': { type: 'string' },
  'state-key-file': { type: 'string' },
  'state-unprotected': { type: 'boolean' },
} as const;

const FLAGS = {
  ...STATE_LOCATION_FLAGS,
  cluster: { type: 'string' },
  from: { type: 'string' },
  'new-key-file': { type: 'string' },
  decrypted: { type: 'boolean' },
  'with-keys': { type: 'boolean' },
  replace: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type LocationValues = {
  readonly [Name in keyof typeof STATE_LOCATION_FLAGS]?: string | boolean | undefined;
};

/** @throws StevedoreError ERR_STATE_LOCATION, ERR_ZOOKEEPER_SYNTAX, ERR_DURATION_SYNTAX */
export function toStateLocation(values: LocationValues): StateLocation {
  const text = (name: keyof LocationValues) => values[name] as string | undefined;
  const timeout = text('state-zk-session-timeout');
  return parseStateLocation({
    directory: text('state-dir'),
    state: text('state'),
    credentialsFile: text('state-zk-credentials'),
    keyFile: text('state-key-file'),
    unprotected: values['state-unprotected'] === true,
    sessionTimeoutMs: timeout === undefined ? undefined : parseDurationMs(timeout),
  });
}

export interface StateCommandOptions {
  readonly location: StateLocation;
  readonly cluster: string;
  readonly from: string | undefined;
  readonly newKeyFile: string | undefined;
  readonly decrypted: boolean;
  readonly withKeys: boolean;
  readonly replace: boolean;
}

/** Undefined: help was asked for. @throws StevedoreError ERR_COMMAND_LINE, and what `toStateLocation` throws */
export function parseStateFlags(argv: readonly string[]): StateCommandOptions | undefined {
  const values = parseCommandFlags(argv, FLAGS, STATE_USAGE);
  if (values.help === true) return undefined;
  const { cluster, from } = values;
  if (cluster === undefined)
    throw new StevedoreError('ERR_COMMAND_LINE', { problem: '--cluster is missing', usage: STATE_USAGE });
  return {
    location: toStateLocation(values),
    cluster,
    from,
    newKeyFile: values['new-key-file'],
    decrypted: values.decrypted === true,
    withKeys: values['with-keys'] === true,
    replace: values.replace === true,
  };
}
