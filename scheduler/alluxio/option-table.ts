/** All keys that Stevedore reads of Alluxio's configuration; every other property passes through to the tasks. */
import type { OptionTable } from '../../config/option-table.ts';
import { FRAMEWORK_OPTIONS } from './framework-options.ts';
import { INSTALLATION_OPTIONS } from './installation-options.ts';
import { RESOURCE_OPTIONS } from './resource-options.ts';
import { VOLUME_OPTIONS } from './volume-options.ts';

export const ALLUXIO_OPTIONS = {
  ...FRAMEWORK_OPTIONS,
  ...INSTALLATION_OPTIONS,
  ...RESOURCE_OPTIONS,
  ...VOLUME_OPTIONS,
} satisfies OptionTable;

/** An unknown key under one of these is a typing error; other `alluxio.integration.` keys are Alluxio's own. */
export const ALLUXIO_NAME_SPACES = [
  'alluxio.integration.mesos.',
  'alluxio.integration.master.',
  'alluxio.integration.worker.',
];
