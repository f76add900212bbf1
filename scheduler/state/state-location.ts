/** Where the state is kept, as the command line says it. Pure. */
import { StevedoreError } from '../../protocol/errors.ts';
import { type ZooKeeperAddress, parseZooKeeperAddress } from '../zookeeper/zookeeper-address.ts';

export interface StateFlags {
  /** `--state-dir` */
  readonly directory?: string | undefined;
  /** `--state`: `zk://…`; unset: SQLite in the directory */
  readonly state?: string | undefined;
  /** `--state-zk-credentials`: a file with `user:password` */
  readonly credentialsFile?: string | undefined;
  /** `--state-key-file` */
  readonly keyFile?: string | undefined;
  /** `--state-unprotected` */
  readonly unprotected?: boolean | undefined;
  /** `--state-zk-session-timeout` */
  readonly sessionTimeoutMs?: number | undefined;
}

export interface SqliteLocation {
  readonly kind: 'sqlite';
  readonly directory: string;
  readonly keyFile: string | undefined;
}

export interface ZooKeeperLocation {
  readonly kind: 'zookeeper';
  /** With the credentials that stand in the address: secret. */
  readonly address: ZooKeeperAddress;
  readonly credentialsFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly unprotected: boolean;
  readonly sessionTimeoutMs: number;
}

export type StateLocation = SqliteLocation | ZooKeeperLocation;

/**
 * A leader that was killed is followed after this time, rounded up to the server's next tick. ZooKeeper grants between 2 and
 * 20 of its ticks, so 6 s need a tickTime from 300 ms to 3 s, and a takeover within 10 s needs 2 s (its default) or less.
 */
const SESSION_TIMEOUT_MS = 6000;

function refuse(problem: string): StevedoreError {
  return new StevedoreError('ERR_STATE_LOCATION', { problem });
}

function toZooKeeper(flags: StateFlags, state: string): ZooKeeperLocation {
  const address = parseZooKeeperAddress(state);
  if (address.digest !== undefined && flags.credentialsFile !== undefined)
    throw refuse('credentials stand both in --state and in --state-zk-credentials');
  return {
    kind: 'zookeeper',
    address,
    credentialsFile: flags.credentialsFile,
    keyFile: flags.keyFile,
    unprotected: flags.unprotected === true,
    sessionTimeoutMs: flags.sessionTimeoutMs ?? SESSION_TIMEOUT_MS,
  };
}

/** @throws StevedoreError ERR_STATE_LOCATION, ERR_ZOOKEEPER_SYNTAX */
export function parseStateLocation(flags: StateFlags): StateLocation {
  const { directory, state, keyFile } = flags;
  if (state !== undefined) return toZooKeeper(flags, state);
  if (directory === undefined) throw refuse('neither --state-dir nor --state is given');
  for (const [name, value] of [
    ['--state-zk-credentials', flags.credentialsFile],
    ['--state-zk-session-timeout', flags.sessionTimeoutMs],
    ['--state-unprotected', flags.unprotected === true ? true : undefined],
  ] as const)
    if (value !== undefined) throw refuse(`${name} has no meaning without --state zk://…`);
  return { kind: 'sqlite', directory, keyFile };
}

/** What an operator should hear; a command line is public on its host. */
export function listStateWarnings(location: StateLocation): string[] {
  if (location.kind === 'sqlite') return [];
  const warnings: string[] = [];
  if (location.address.digest !== undefined)
    warnings.push('the ZooKeeper password stands on the command line; give --state-zk-credentials instead');
  if (location.unprotected) warnings.push('everybody who reaches ZooKeeper can read the keys in the state');
  return warnings;
}
