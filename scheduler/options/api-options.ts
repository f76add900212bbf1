/** Options of the API over TCP. */
import type { OptionTable } from '../../config/option-table.ts';
import { portType, stringType } from '../../config/option-types.ts';
import type { KeyNaming } from './key-naming.ts';

const section = 'API';

export function createApiOptions(keyOf: KeyNaming) {
  return {
    apiPort: {
      key: keyOf('api.port'),
      type: portType,
      section,
      doc: 'Port of the API over TLS; 0: any free one; unset: the API is on its socket in the state directory only.',
    },
    apiBindHost: {
      key: keyOf('api.bind-host'),
      type: stringType,
      default: '0.0.0.0',
      section,
      doc: 'Where the API listens.',
    },
    apiAdvertise: {
      key: keyOf('api.advertise'),
      type: stringType,
      section,
      doc: 'Host name or IP under which operators and other schedulers reach the API; unset: the name of this host.',
    },
    apiCertificate: {
      key: keyOf('api.certificate'),
      type: stringType,
      section,
      doc: 'PEM file of a certificate for the API, with `api.key`; unset: one that is made in the state directory.',
    },
    apiKey: {
      key: keyOf('api.key'),
      type: stringType,
      section,
      doc: 'PEM file of the key of that certificate.',
    },
  } satisfies OptionTable;
}
