/** What a scheduler runs with, from the options that every service has; nothing here knows one. */
import type { StevedoreError } from '../../protocol/errors.ts';
import type { SchedulerOptions } from '../scheduler-options.ts';
import { type Configured, ConfiguredOptions } from './configured-options.ts';
import { describeFramework } from './framework.ts';
import { describeMasterAccess } from './master-access.ts';
import { describeApi, describeServer, describeState, locateStateDirectory } from './state.ts';
import { describeTiming } from './timing.ts';

/** All but what the service says itself, and where the masters are when nobody has said it. */
export type RunOptions = Omit<SchedulerOptions, 'master' | 'configuration' | 'bundle' | 'newFramework'> & {
  readonly master: string | undefined;
};

export interface DescribedRun {
  /** To be used only if there are no problems. */
  readonly options: RunOptions;
  readonly problems: readonly StevedoreError[];
  readonly warnings: readonly string[];
}

/** Command lines are public on their host, and so are many files; one in `state` is warned about where it is used. */
function warnPassword(options: ConfiguredOptions): void {
  if (!/^zk:\/\/.*@/i.test(options.values.master ?? '')) return;
  options.warnings.push(
    `A password stands in ${options.keyOf('master')} (${options.originOf('master')}): write it into a file that only the scheduler reads, and file:///PATH here.`,
  );
}

/** @param components names of those that have options of their own */
export function describeRun(configured: Configured, components: readonly string[]): DescribedRun {
  const options = new ConfiguredOptions(configured);
  const { values } = options;
  const [state, api] = [describeState(options), describeApi(options)];
  warnPassword(options);
  const described: RunOptions = {
    master: values.master,
    masterAccess: describeMasterAccess(options),
    framework: describeFramework(options, components),
    server: describeServer(values),
    stateDirectory: locateStateDirectory(values),
    ...(state && { state }),
    ...(api && { api }),
    address: values.address,
    maximumFailedTasks: values.maximumFailedTasks,
    offerConstraints: values.offerConstraints,
    timing: describeTiming(options),
  };
  return { options: described, problems: options.problems, warnings: options.warnings };
}
