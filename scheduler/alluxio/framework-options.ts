/** Options of the framework: where Mesos is, who we are to it, where our own state lies. */
import type { OptionTable } from '../../config/option-table.ts';
import type { OptionType } from '../../config/option-types.ts';
import { StevedoreError } from '../../protocol/errors.ts';
import { type RolloutStrategy, parseStrategy } from '../core/rollout/rollout-rule.ts';
import { durationType, enumType, integerType, portType, stringType } from '../../config/option-types.ts';

const MESOS = 'alluxio.integration.mesos';
const section = 'Framework';

const strategyType: OptionType<RolloutStrategy> = {
  name: 'serial \\| canary \\| number',
  parse: (text) => {
    const strategy = parseStrategy(text);
    if (strategy !== undefined) return strategy;
    throw new StevedoreError('ERR_OPTION_VALUE', {
      value: text,
      expected: 'serial, canary, or a number from 1',
    });
  },
};

export const FRAMEWORK_OPTIONS = {
  cluster: {
    key: `${MESOS}.cluster`,
    type: stringType,
    default: 'alluxio',
    section,
    doc: 'Name of the cluster. It begins task ids and names state on agents, so that several clusters live side by side. Letters, digits, `-`.',
  },
  frameworkName: {
    key: `${MESOS}.framework.name`,
    type: stringType,
    default: 'alluxio',
    section,
    doc: 'Name of the framework, as Mesos shows it.',
  },
  principal: {
    key: `${MESOS}.principal`,
    type: stringType,
    default: 'alluxio',
    section,
    doc: 'Principal of the framework.',
  },
  secret: {
    key: `${MESOS}.secret`,
    type: stringType,
    section,
    secret: true,
    doc: 'Secret of the principal. It is used to log in to Mesos and goes to no task. A file (`secret.file`) is the better place.',
  },
  secretFile: {
    key: `${MESOS}.secret.file`,
    type: stringType,
    section,
    doc: 'File that holds the secret of the principal and nothing else.',
  },
  role: {
    key: `${MESOS}.role`,
    type: stringType,
    default: '*',
    section,
    doc: 'Mesos role that resources are asked for.',
  },
  user: {
    key: `${MESOS}.user`,
    type: stringType,
    section,
    doc: 'Operating-system user of the tasks; unset or empty: the user who starts the framework.',
  },
  maximumFailedTasks: {
    key: `${MESOS}.maximum.failed.tasks`,
    type: integerType(-1),
    default: '-1',
    section,
    doc: 'One more failed task than this and the service is torn down; -1: any number may fail.',
  },
  failoverTimeout: {
    key: `${MESOS}.failover.timeout`,
    type: durationType,
    default: '7d',
    section,
    doc: 'How long Mesos keeps the tasks when no scheduler is connected.',
  },
  stateDirectory: {
    key: `${MESOS}.state.dir`,
    type: stringType,
    flag: 'state-dir',
    section,
    doc: "The scheduler's own state on its host; unset: `~/.stevedore/CLUSTER`. It must outlive the scheduler.",
  },
  bundleUrl: {
    key: `${MESOS}.bundle.url`,
    type: stringType,
    flag: 'bundle-url',
    section,
    doc: 'A mirror of the executor bundle; unset: the scheduler serves it.',
  },
  advertise: {
    key: `${MESOS}.advertise`,
    type: stringType,
    flag: 'advertise',
    section,
    doc: 'Host name or IP under which agents reach the artifact server; unset: the local end of the connection to the Mesos master.',
  },
  bindHost: {
    key: `${MESOS}.bind.host`,
    type: stringType,
    default: '0.0.0.0',
    section,
    doc: 'Where the artifact server listens.',
  },
  tlsPort: {
    key: `${MESOS}.tls.port`,
    type: portType,
    default: '0',
    section,
    doc: 'Port of the artifact server over TLS; 0: any free one.',
  },
  plainPort: {
    key: `${MESOS}.plain.port`,
    type: portType,
    default: '0',
    section,
    doc: 'Port of the artifact server for the executor bundle and other public artifacts; 0: any free one.',
  },
  address: {
    key: `${MESOS}.address`,
    type: enumType('hostname', 'ip'),
    default: 'hostname',
    section,
    doc: 'What masters, workers and clients call each other: the host name of the agent, or its IP where names do not resolve.',
  },
  masterName: {
    key: `${MESOS}.master.name`,
    type: stringType,
    default: 'AlluxioMaster',
    section,
    doc: 'Name of the master task, as Mesos shows it.',
  },
  workerName: {
    key: `${MESOS}.worker.name`,
    type: stringType,
    default: 'AlluxioWorker',
    section,
    doc: 'Name of the worker tasks.',
  },
  masterNodeCount: {
    key: `${MESOS}.master.node.count`,
    type: integerType(1),
    default: '1',
    section,
    doc: 'Number of masters. More than 1 is refused: each would have a journal of its own.',
  },
  masterHost: {
    key: `${MESOS}.master.hostname`,
    type: stringType,
    flag: 'alluxio-master',
    section,
    doc: 'Host name of the only agent that the master may run on (second argument of the start script); unset: any.',
  },
  workerCount: {
    key: `${MESOS}.worker.count`,
    type: integerType(1),
    section,
    doc: 'Number of workers, one on an agent; unset: one on every agent that has room.',
  },
  workerRollout: {
    key: `${MESOS}.worker.rollout`,
    type: strategyType,
    default: 'serial',
    section,
    doc: 'How workers are restarted when the configuration has changed: one by one, so many at a time, or one first and the others after `stevedore resume-plan`.',
  },
  rolloutStableFor: {
    key: `${MESOS}.rollout.stable.for`,
    type: durationType,
    default: '10s',
    section,
    doc: 'How long a restarted master or worker must be ready before the next one is restarted.',
  },
  rolloutMaxFailures: {
    key: `${MESOS}.rollout.max.failures`,
    type: integerType(1),
    default: '1',
    section,
    doc: 'So many failures under a new configuration halt its rollout.',
  },
} satisfies OptionTable;
