/** Where the masters are and how they are reached, from the options. */
import type {
  CredentialOptions,
  MasterAccessOptions,
  ProxyOptions,
  TlsFiles,
} from '../mesos/master-options.ts';
import { parseMasterSpec } from '../mesos/master-spec.ts';
import { readProxyAddress } from '../mesos/proxy.ts';
import type { ConfiguredOptions } from './configured-options.ts';

type Values = ConfiguredOptions['values'];

function describeCredential(values: Values): CredentialOptions | undefined {
  const { masterTokenFile: tokenFile, masterServiceAccountFile: file, masterLoginUrl: loginUrl } = values;
  if (tokenFile !== undefined) return { kind: 'bearer', tokenFile };
  if (file === undefined) return undefined;
  return { kind: 'service-account', file, ...(loginUrl !== undefined && { loginUrl }) };
}

function describeProxy(values: Values): ProxyOptions | undefined {
  const {
    masterProxy: url,
    masterProxyCredentialFile: credentialFile,
    masterProxyExcept: except = [],
  } = values;
  if (url === undefined) return undefined;
  return {
    url,
    ...(credentialFile !== undefined && { credentialFile }),
    ...(except.length > 0 && { except }),
  };
}

function describeTlsFiles(ca?: string, clientCertificate?: string, clientKey?: string): TlsFiles {
  return {
    ...(ca !== undefined && { ca }),
    ...(clientCertificate !== undefined && { clientCertificate }),
    ...(clientKey !== undefined && { clientKey }),
  };
}

function describeZooKeeperTls(values: Values): TlsFiles | undefined {
  const { zooKeeperTls, zooKeeperCa, zooKeeperClientCertificate, zooKeeperClientKey } = values;
  const files = describeTlsFiles(zooKeeperCa, zooKeeperClientCertificate, zooKeeperClientKey);
  return zooKeeperTls || Object.keys(files).length > 0 ? files : undefined;
}

function checkCredentials(options: ConfiguredOptions): void {
  options.need('masterServiceAccountFile', ['masterLoginUrl']);
  options.exclude('masterTokenFile', 'masterServiceAccountFile');
  options.exclude('secret', 'secretFile');
  for (const secret of ['secret', 'secretFile'] as const)
    for (const other of ['masterTokenFile', 'masterServiceAccountFile'] as const)
      options.exclude(secret, other);
}

function checkFiles(options: ConfiguredOptions): void {
  options.needBoth('masterClientCertificate', 'masterClientKey');
  options.needBoth('zooKeeperClientCertificate', 'zooKeeperClientKey');
  options.exclude('masterInsecure', 'masterCa');
  options.need('masterProxy', ['masterProxyCredentialFile', 'masterProxyExcept']);
}

/** A file may name ZooKeeper or none, today or later. */
function checkZooKeeper(options: ConfiguredOptions): void {
  const { master } = options.values;
  const spec = master === undefined ? undefined : options.read('master', () => parseMasterSpec(master));
  if (spec?.kind !== 'addresses') return;
  for (const name of ['zooKeeperTls', 'zooKeeperCa', 'zooKeeperClientCertificate'] as const)
    if (options.isSet(name)) options.refuse(name, `${options.keyOf('master')} names no ZooKeeper.`);
}

export function describeMasterAccess(options: ConfiguredOptions): MasterAccessOptions {
  const { values } = options;
  checkCredentials(options);
  checkFiles(options);
  checkZooKeeper(options);
  const [credential, proxy] = [describeCredential(values), describeProxy(values)];
  if (proxy !== undefined) options.read('masterProxy', () => readProxyAddress(proxy));
  const zooKeeperTls = describeZooKeeperTls(values);
  return {
    ...describeTlsFiles(values.masterCa, values.masterClientCertificate, values.masterClientKey),
    tls: values.masterTls,
    insecure: values.masterInsecure,
    ...(credential && { credential }),
    ...(proxy && { proxy }),
    ...(zooKeeperTls && { zooKeeperTls }),
  };
}
