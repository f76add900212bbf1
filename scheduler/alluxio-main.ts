/** `stevedore alluxio start|stop|config`: from Alluxio's configuration to a running scheduler. */
import { homedir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { renderOptionDump } from '../config/option-reference.ts';
import { type AlluxioArguments, parseAlluxioArguments, renderAlluxioHelp } from './alluxio/arguments.ts';
import { buildAlluxioService } from './alluxio/alluxio-service.ts';
import { buildFromSnapshot, renderAlluxioSnapshot } from './alluxio/configuration-snapshot.ts';
import type { AlluxioSettings } from './alluxio/settings.ts';
import { readAlluxioSettings } from './alluxio-configuration.ts';
import { readBundle } from './bundle.ts';
import { createLogger } from './log.ts';
import { runScheduler } from './scheduler.ts';
import type {
  BundleOptions,
  FrameworkOptions,
  SchedulerOptions,
  ServerOptions,
} from './scheduler-options.ts';
import { main as teardown } from './commands/teardown-main.ts';

const BUILD_DIRECTORY = join(import.meta.dirname, '../build');

function locateState({ values }: AlluxioSettings): string {
  return resolve(values.stateDirectory ?? join(homedir(), '.stevedore', values.cluster));
}

function describeFramework({ values }: AlluxioSettings): FrameworkOptions {
  const { principal, secret, secretFile } = values;
  return {
    name: values.frameworkName,
    roles: [values.role],
    user: values.user || userInfo().username,
    ...(principal !== '' && { principal }),
    ...(secret !== undefined && { secret }),
    ...(secretFile !== undefined && { secretFile }),
    failoverTimeoutSeconds: Math.round(values.failoverTimeout / 1000),
  };
}

function describeServer({ values }: AlluxioSettings, stateDirectory: string): ServerOptions {
  return {
    bindHost: values.bindHost,
    tlsPort: values.tlsPort,
    plainPort: values.plainPort,
    ...(values.advertise !== undefined && { advertisedHost: values.advertise }),
    storeDirectory: join(stateDirectory, 'artifacts'),
  };
}

async function describeBundle({ values }: AlluxioSettings, directory: string): Promise<BundleOptions> {
  const bundle = await readBundle(directory);
  return { ...bundle, ...(values.bundleUrl !== undefined && { url: values.bundleUrl }) };
}

function createStopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

async function start(settings: AlluxioSettings, words: AlluxioArguments): Promise<number> {
  const { mesosMaster, bundle, newFramework } = words;
  const log = createLogger((line) => process.stdout.write(line));
  const { warnings } = buildAlluxioService(settings);
  for (const warning of warnings) log.warn({}, warning);
  const stateDirectory = locateState(settings);
  const options: SchedulerOptions = {
    master: mesosMaster,
    configuration: {
      cluster: settings.values.cluster,
      snapshot: renderAlluxioSnapshot(settings.configuration),
      readAtMs: Date.now(),
      build: buildFromSnapshot,
    },
    framework: describeFramework(settings),
    server: describeServer(settings, stateDirectory),
    bundle: await describeBundle(settings, bundle ?? BUILD_DIRECTORY),
    stateDirectory,
    address: settings.values.address,
    maximumFailedTasks: settings.values.maximumFailedTasks,
    newFramework,
  };
  return await runScheduler(options, { log, signal: createStopSignal() });
}

/** Warnings go to stderr, so that the dump can be piped. Building the service shows what would be refused. */
function printConfiguration(settings: AlluxioSettings): number {
  const { warnings } = buildAlluxioService(settings);
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
  if (parsed.action === 'stop') return await teardown(['--state-dir', locateState(settings)]);
  return await start(settings, parsed);
}
