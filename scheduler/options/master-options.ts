/** Options that say where the Mesos masters are and how they are reached. */
import type { OptionTable } from '../../config/option-table.ts';
import { booleanType, listType, stringType } from '../../config/option-types.ts';
import type { KeyNaming } from './key-naming.ts';
import { hidePassword, webUrlType } from './scheduler-option-types.ts';

const section = 'Mesos masters';

function createCredentialOptions(keyOf: KeyNaming) {
  return {
    masterTokenFile: {
      key: keyOf('masters.token-file'),
      type: stringType,
      section,
      doc: 'File that holds a token and nothing else, sent as `Authorization: Bearer`; read again when it changes. In place of the secret of the principal.',
    },
    masterServiceAccountFile: {
      key: keyOf('masters.service-account-file'),
      type: stringType,
      section,
      doc: 'Service account of DC/OS as it writes it: JSON with `uid`, `private_key` and `login_endpoint`.',
    },
    masterLoginUrl: {
      key: keyOf('masters.login-url'),
      type: webUrlType,
      section,
      doc: "Where the service account logs in, in place of the file's `login_endpoint`.",
    },
  } satisfies OptionTable;
}

function createProxyOptions(keyOf: KeyNaming) {
  return {
    masterProxy: {
      key: keyOf('masters.proxy'),
      type: stringType,
      display: hidePassword,
      section,
      doc: 'Proxy before the masters: `http://host:port` or `https://host:port`, without a credential. The environment is not asked.',
    },
    masterProxyCredentialFile: {
      key: keyOf('masters.proxy.credential-file'),
      type: stringType,
      section,
      doc: 'File that holds `user:password` of the proxy.',
    },
    masterProxyExcept: {
      key: keyOf('masters.proxy.except'),
      type: listType,
      section,
      doc: 'What is reached without the proxy: host, `.domain`, `host:port`, IP address or range.',
    },
  } satisfies OptionTable;
}

function createZooKeeperOptions(keyOf: KeyNaming) {
  return {
    zooKeeperTls: {
      key: keyOf('masters.zookeeper.tls'),
      type: booleanType,
      default: 'false',
      section,
      doc: 'Asks the ZooKeeper of the masters over TLS.',
    },
    zooKeeperCa: {
      key: keyOf('masters.zookeeper.ca'),
      type: stringType,
      section,
      doc: 'PEM file of the authorities for its certificate; unset: those that Node trusts. It asks over TLS.',
    },
    zooKeeperClientCertificate: {
      key: keyOf('masters.zookeeper.client-certificate'),
      type: stringType,
      section,
      doc: 'PEM file of our certificate for it, with `client-key`.',
    },
    zooKeeperClientKey: {
      key: keyOf('masters.zookeeper.client-key'),
      type: stringType,
      section,
      doc: 'PEM file of the key of that certificate.',
    },
  } satisfies OptionTable;
}

export function createMasterOptions(keyOf: KeyNaming) {
  return {
    master: {
      key: keyOf('masters'),
      type: stringType,
      display: hidePassword,
      section,
      doc: 'Where the masters are: `host:port`, several with commas, `https://host:port`, `zk://h1:2181,h2:2181/mesos`, or `file:///path` of a file that holds one of these (the place for a password).',
    },
    masterTls: {
      key: keyOf('masters.tls'),
      type: booleanType,
      default: 'false',
      section,
      doc: 'https for every master whose address names no scheme, those from ZooKeeper included.',
    },
    masterCa: {
      key: keyOf('masters.ca'),
      type: stringType,
      section,
      doc: "PEM file of the authorities for the masters' certificates; unset: those that Node trusts. Read again for each subscription.",
    },
    masterClientCertificate: {
      key: keyOf('masters.client-certificate'),
      type: stringType,
      section,
      doc: 'PEM file of our certificate, for masters that ask for one, with `client-key`.',
    },
    masterClientKey: {
      key: keyOf('masters.client-key'),
      type: stringType,
      section,
      doc: 'PEM file of the key of that certificate.',
    },
    masterInsecure: {
      key: keyOf('masters.insecure'),
      type: booleanType,
      default: 'false',
      section,
      doc: 'Takes any certificate of a master. Warned about at each start.',
    },
    ...createCredentialOptions(keyOf),
    ...createProxyOptions(keyOf),
    ...createZooKeeperOptions(keyOf),
  } satisfies OptionTable;
}
