/**
 * All options that every service has, spelled as it spells its keys. Those of the service decide what runs; those of the
 * process concern one scheduler on one host and are no part of the configuration that is rolled out.
 */
import type { OptionTable, OptionValues } from '../../config/option-table.ts';
import { stringType } from '../../config/option-types.ts';
import { createApiOptions } from './api-options.ts';
import { repeatByComponent } from './component-options.ts';
import { type FrameworkDefaults, createFrameworkOptions } from './framework-options.ts';
import type { KeyNaming } from './key-naming.ts';
import { createMasterOptions } from './master-options.ts';
import { createComponentPlacementOptions, createPlacementOptions } from './placement-options.ts';
import { createComponentRoleOptions, createRoleOptions } from './role-options.ts';
import { createComponentRolloutOptions, createRolloutOptions } from './rollout-options.ts';
import { maximumFailedTasksType } from './scheduler-option-types.ts';
import { createServerOptions } from './server-options.ts';
import { createStateOptions } from './state-options.ts';
import { createTimingOptions } from './timing-options.ts';

export interface ServiceDefaults {
  readonly cluster: string;
}

/** What the service is built from. */
export function createServiceOptions<C extends string>(
  keyOf: KeyNaming,
  components: readonly C[],
  defaults: ServiceDefaults,
) {
  return {
    cluster: {
      key: keyOf('cluster'),
      type: stringType,
      default: defaults.cluster,
      section: 'Framework',
      doc: 'Name of the cluster. It begins task ids and names state on agents, so that several clusters live side by side. Letters, digits, `-`.',
    },
    ...createRoleOptions(keyOf),
    ...repeatByComponent(components, (component) => createComponentRoleOptions(keyOf, component)),
    ...createPlacementOptions(keyOf),
    ...repeatByComponent(components, (component) => createComponentPlacementOptions(keyOf, component)),
    ...createRolloutOptions(keyOf),
    ...repeatByComponent(components, (component) => createComponentRolloutOptions(keyOf, component)),
  } satisfies OptionTable;
}

/** What a scheduler runs with, whatever the service. */
export function createProcessOptions(keyOf: KeyNaming, defaults: FrameworkDefaults) {
  return {
    ...createFrameworkOptions(keyOf, defaults),
    ...createMasterOptions(keyOf),
    ...createServerOptions(keyOf),
    ...createStateOptions(keyOf),
    ...createApiOptions(keyOf),
    maximumFailedTasks: {
      key: keyOf('maximum-failed-tasks'),
      type: maximumFailedTasksType,
      default: '-1',
      section: 'Failures',
      doc: 'One more failed task than this and the service is torn down; -1: any number may fail; `initial-workers`: as many as are configured at first.',
    },
    ...createTimingOptions(keyOf),
  } satisfies OptionTable;
}

/** What every service's values hold, beside its own. */
export type SchedulerValues = OptionValues<
  ReturnType<typeof createProcessOptions> & ReturnType<typeof createServiceOptions<never>>
>;
