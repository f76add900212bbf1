/** Options that say who the framework is to Mesos. */
import type { OptionTable } from '../../config/option-table.ts';
import { durationType, stringType } from '../../config/option-types.ts';
import type { KeyNaming } from './key-naming.ts';
import { labelsType, webUrlType, wordsType } from './scheduler-option-types.ts';

const section = 'Framework';

export interface FrameworkDefaults {
  readonly name: string;
  /** Empty: none. */
  readonly principal: string;
}

function createIdentityOptions(keyOf: KeyNaming, defaults: FrameworkDefaults) {
  return {
    frameworkName: {
      key: keyOf('framework.name'),
      type: stringType,
      default: defaults.name,
      section,
      doc: 'Name of the framework, as Mesos shows it.',
    },
    principal: {
      key: keyOf('principal'),
      type: stringType,
      default: defaults.principal,
      section,
      doc: 'Principal of the framework.',
    },
    secret: {
      key: keyOf('secret'),
      type: stringType,
      section,
      secret: true,
      doc: 'Secret of the principal. It is used to log in to Mesos and goes to no task. A file (`secret.file`) is the better place.',
    },
    secretFile: {
      key: keyOf('secret-file'),
      type: stringType,
      section,
      doc: 'File that holds the secret of the principal and nothing else.',
    },
    user: {
      key: keyOf('user'),
      type: stringType,
      section,
      doc: 'Operating-system user of the tasks; unset or empty: the user who starts the framework.',
    },
  } satisfies OptionTable;
}

export function createFrameworkOptions(keyOf: KeyNaming, defaults: FrameworkDefaults) {
  return {
    ...createIdentityOptions(keyOf, defaults),
    failoverTimeout: {
      key: keyOf('failover-timeout'),
      type: durationType,
      default: '7d',
      section,
      doc: 'How long Mesos keeps the tasks when no scheduler is connected.',
    },
    labels: {
      key: keyOf('framework.labels'),
      type: labelsType,
      section,
      doc: 'Labels of the framework: `name:value`, with commas between several. Everybody who sees Mesos sees them.',
    },
    frameworkHostname: {
      key: keyOf('framework.hostname'),
      type: stringType,
      section,
      doc: 'Host that Mesos shows for the scheduler; unset: Mesos finds it.',
    },
    webUrl: {
      key: keyOf('framework.web-url'),
      type: webUrlType,
      section,
      doc: 'Page that Mesos links the framework to; unset: that of the service.',
    },
    capabilities: {
      key: keyOf('framework.capabilities'),
      type: wordsType('GPU_RESOURCES', 'REVOCABLE_RESOURCES', 'REGION_AWARE'),
      section,
      doc: 'Capabilities beside those that are always declared: some of `GPU_RESOURCES`, `REVOCABLE_RESOURCES`, `REGION_AWARE`.',
    },
  } satisfies OptionTable;
}
