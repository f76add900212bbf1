/** Options that every scheduler has, under Alluxio's keys, and those of how many masters and workers there are. */
import type { OptionTable } from '../../config/option-table.ts';
import { integerType, stringType } from '../../config/option-types.ts';
import { createKeyNaming } from '../options/key-naming.ts';
import { createProcessOptions, createServiceOptions } from '../options/scheduler-options.ts';

const MESOS = 'alluxio.integration.mesos';
const section = 'Masters and workers';
const keyOf = createKeyNaming(`${MESOS}.`, '.');

export const COMPONENTS = ['master', 'worker'] as const;

export const SERVICE_OPTIONS = createServiceOptions(keyOf, COMPONENTS, { cluster: 'alluxio' });
export const PROCESS_OPTIONS = createProcessOptions(keyOf, { name: 'alluxio', principal: 'alluxio' });

const COMPONENT_OPTIONS = {
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
} satisfies OptionTable;

/** None of them is a setting of Alluxio: a change is seen by what follows from it. */
export const FRAMEWORK_OPTIONS = {
  ...COMPONENT_OPTIONS,
  ...SERVICE_OPTIONS,
  ...PROCESS_OPTIONS,
} satisfies OptionTable;
