/** Flags of every program that runs a scheduler: where the state is, and where the API listens. */
import { StevedoreError } from '../../protocol/errors.ts';
import type { ApiOptions } from '../api/open-api.ts';
import type { StateLocation } from '../state/state-location.ts';
import { STATE_LOCATION_FLAGS, toStateLocation } from './state-flags.ts';

export const SCHEDULER_FLAGS = {
  ...STATE_LOCATION_FLAGS,
  'api-host': { type: 'string' },
  'api-port': { type: 'string' },
  'api-advertise': { type: 'string' },
} as const;

/** For the help text of such a program. */
export const SCHEDULER_FLAGS_HELP = `State (docs/state.md) and API:
  --state-dir DIR                 SQLite state, sockets, artifacts of this scheduler; it must outlive it
  --state zk://HOST:PORT,…/PATH   the state is in ZooKeeper, for several schedulers of which one leads
  --state-zk-credentials FILE     user:password for ZooKeeper, mode 0600
  --state-key-file FILE           32 bytes that keys and secrets in the state are encrypted with
  --state-unprotected             everybody who reaches ZooKeeper may read the keys in the state
  --state-zk-session-timeout 6s   after this silence another scheduler leads
  --api-host ADDRESS              the API listens there over TLS, beside its socket in the state directory
  --api-port PORT                 0: any free one
  --api-advertise HOST            how others reach it; unset: the name of this host`;

type Values = {
  readonly [Name in keyof typeof SCHEDULER_FLAGS]?: string | boolean | undefined;
};

export interface SchedulerFlagsResult {
  readonly state: StateLocation;
  readonly api?: ApiOptions;
}

function parsePort(text: string, usage: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new StevedoreError('ERR_COMMAND_LINE', {
    problem: `--api-port is '${text}', not a port from 0 to 65535`,
    usage,
  });
}

/** Undefined: nothing was said of it. */
function toApiOptions(values: Values, usage: string): ApiOptions | undefined {
  const text = (name: keyof Values) => values[name] as string | undefined;
  const [host, port, advertisedHost] = [text('api-host'), text('api-port'), text('api-advertise')];
  if (host === undefined && port === undefined && advertisedHost === undefined) return undefined;
  return { bindHost: host ?? '0.0.0.0', port: parsePort(port ?? '0', usage), advertisedHost };
}

/** @throws StevedoreError ERR_COMMAND_LINE, ERR_STATE_LOCATION, ERR_ZOOKEEPER_SYNTAX, ERR_DURATION_SYNTAX */
export function parseSchedulerFlags(values: Values, usage: string): SchedulerFlagsResult {
  const api = toApiOptions(values, usage);
  return { state: toStateLocation(values), ...(api && { api }) };
}
