/** `stevedore alluxio start|stop|config`: from Alluxio's configuration to a running scheduler. */
import { join } from 'node:path';
import { renderOptionDump } from '../config/option-reference.ts';
import { StevedoreError, StevedoreErrors } from '../protocol/errors.ts';
import { type AlluxioArguments, parseAlluxioArguments, renderAlluxioHelp } from './alluxio/arguments.ts';
import { buildAlluxioService } from './alluxio/alluxio-service.ts';
import { buildFromSnapshot, renderAlluxioSnapshot } from './alluxio/configuration-snapshot.ts';
import { COMPONENTS } from './alluxio/framework-options.ts';
import { ALLUXIO_OPTIONS } from './alluxio/option-table.ts';
import type { AlluxioSettings } from './alluxio/settings.ts';
import { readAlluxioSettings } from './alluxio-configuration.ts';
import { main as teardown } from './commands/teardown-main.ts';
import { createLogger } from './log.ts';
import { describeBundle } from './run-options/bundle.ts';
import { type RunOptions, describeRun } from './run-options/run-options.ts';
import { locateStateDirectory } from './run-options/state.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import { runScheduler } from './scheduler.ts';

const BUILD_DIRECTORY = join(import.meta.dirname, '../build');

interface AlluxioRun {
  readonly options: RunOptions;
  readonly warnings: readonly string[];
}

interface CheckedService {
  readonly problems: readonly StevedoreError[];
  readonly warnings: readonly string[];
}

/** What is wrong with the service is told together with what is wrong with the scheduler. */
function checkService(settings: AlluxioSettings): CheckedService {
  try {
    return { problems: [], warnings: buildAlluxioService(settings).warnings };
  } catch (error) {
    if (error instanceof StevedoreErrors) return { problems: error.problems, warnings: [] };
    throw error;
  }
}

/** @throws StevedoreErrors with every setting that is impossible */
function planRun(settings: AlluxioSettings): AlluxioRun {
  const run = describeRun(settings, COMPONENTS);
  const service = checkService(settings);
  const problems = [...run.problems, ...service.problems];
  if (problems.length > 0) throw new StevedoreErrors(problems);
  return { options: run.options, warnings: [...service.warnings, ...run.warnings] };
}

/** @throws StevedoreError ERR_OPTION_MISSING */
function requireMaster(master: string | undefined): string {
  if (master !== undefined) return master;
  throw new StevedoreError('ERR_OPTION_MISSING', {
    key: ALLUXIO_OPTIONS.master.key,
    hint: 'Name the Mesos master as the first argument, or set the key.',
  });
}

function createStopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

async function start(settings: AlluxioSettings, words: AlluxioArguments): Promise<number> {
  const { options: planned, warnings } = planRun(settings);
  const log = createLogger((line) => process.stdout.write(line));
  for (const warning of warnings) log.warn({}, warning);
  const options: SchedulerOptions = {
    ...planned,
    master: requireMaster(planned.master),
    configuration: {
      cluster: settings.values.cluster,
      snapshot: renderAlluxioSnapshot(settings.configuration),
      readAtMs: Date.now(),
      build: (snapshot) => buildFromSnapshot(snapshot, settings.configuration),
    },
    bundle: await describeBundle(settings.values, words.bundle ?? BUILD_DIRECTORY),
    newFramework: words.newFramework,
  };
  return await runScheduler(options, { log, signal: createStopSignal() });
}

/** Warnings go to stderr, so that the dump can be piped. What a start would refuse is refused here. */
function printConfiguration(settings: AlluxioSettings): number {
  const { warnings } = planRun(settings);
  process.stdout.write(renderOptionDump(settings.options));
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  return 0;
}

export async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseAlluxioArguments(argv);
  if (parsed.action === 'help') {
    process.stdout.write(renderAlluxioHelp());
    return 0;
  }
  const settings = await readAlluxioSettings(process.env, parsed.settings);
  if (parsed.action === 'config') return printConfiguration(settings);
  if (parsed.action === 'stop') return await teardown(['--state-dir', locateStateDirectory(settings.values)]);
  return await start(settings, parsed);
}
