/** Options of the artifact server and of the addresses that tasks and agents use. */
import type { OptionTable } from '../../config/option-table.ts';
import { enumType, portType, stringType } from '../../config/option-types.ts';
import type { KeyNaming } from './key-naming.ts';

const section = 'Artifact server';

export function createServerOptions(keyOf: KeyNaming) {
  return {
    bundleUrl: {
      key: keyOf('bundle.url'),
      type: stringType,
      flag: 'bundle-url',
      section,
      doc: 'A mirror of the executor bundle; unset: the scheduler serves it.',
    },
    advertise: {
      key: keyOf('advertise'),
      type: stringType,
      flag: 'advertise',
      section,
      doc: 'Host name or IP under which agents reach the artifact server; unset: the local end of the connection to the Mesos master.',
    },
    bindHost: {
      key: keyOf('bind-host'),
      type: stringType,
      default: '0.0.0.0',
      section,
      doc: 'Where the artifact server listens.',
    },
    tlsPort: {
      key: keyOf('tls-port'),
      type: portType,
      default: '0',
      section,
      doc: 'Port of the artifact server over TLS; 0: any free one.',
    },
    plainPort: {
      key: keyOf('plain-port'),
      type: portType,
      default: '0',
      section,
      doc: 'Port of the artifact server for the executor bundle and other public artifacts; 0: any free one.',
    },
    address: {
      key: keyOf('address'),
      type: enumType('hostname', 'ip'),
      default: 'hostname',
      section,
      doc: 'What tasks and clients call each other: the host name of the agent, or its IP where names do not resolve.',
    },
  } satisfies OptionTable;
}
