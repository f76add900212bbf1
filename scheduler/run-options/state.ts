/** Where the state is and how the API is reached, from the options. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ApiOptions } from '../api/open-api.ts';
import type { ServerOptions } from '../scheduler-options.ts';
import { type StateLocation, parseStateLocation } from '../state/state-location.ts';
import type { ConfiguredOptions } from './configured-options.ts';

type Values = ConfiguredOptions['values'];

export function locateStateDirectory({
  stateDirectory,
  cluster,
}: Pick<Values, 'stateDirectory' | 'cluster'>): string {
  return resolve(stateDirectory ?? join(homedir(), '.stevedore', cluster));
}

export function describeState(options: ConfiguredOptions): StateLocation | undefined {
  const { values } = options;
  const zooKeeperOnly = ['stateCredentialsFile', 'stateUnprotected', 'stateSessionTimeout'] as const;
  options.need('state', zooKeeperOnly);
  const flags = {
    directory: locateStateDirectory(values),
    state: values.state,
    keyFile: values.stateKeyFile,
    ...(values.state !== undefined && {
      credentialsFile: values.stateCredentialsFile,
      unprotected: values.stateUnprotected,
      sessionTimeoutMs: values.stateSessionTimeout,
    }),
  };
  return options.read('state', () => parseStateLocation(flags));
}

/** A scheduler that stands by passes requests on to the one that leads, which it has to reach for that. */
function warnUnreachable(options: ConfiguredOptions): void {
  if (options.isSet('state') && !options.isSet('apiPort'))
    options.warnings.push(
      `${options.keyOf('apiPort')} is not set: a scheduler that stands by cannot pass requests on to the one that leads.`,
    );
}

export function describeApi(options: ConfiguredOptions): ApiOptions | undefined {
  const { apiPort: port, apiBindHost: bindHost, apiAdvertise, apiCertificate, apiKey } = options.values;
  options.need('apiPort', ['apiBindHost', 'apiAdvertise', 'apiCertificate', 'apiKey']);
  options.needBoth('apiCertificate', 'apiKey');
  warnUnreachable(options);
  if (port === undefined) return undefined;
  return { bindHost, port, advertisedHost: apiAdvertise, certificateFile: apiCertificate, keyFile: apiKey };
}

export function describeServer(values: Values): ServerOptions {
  return {
    bindHost: values.bindHost,
    tlsPort: values.tlsPort,
    plainPort: values.plainPort,
    ...(values.advertise !== undefined && { advertisedHost: values.advertise }),
    storeDirectory: join(locateStateDirectory(values), 'artifacts'),
  };
}
