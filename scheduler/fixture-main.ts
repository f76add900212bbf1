/** `stevedore fixture`: runs the fixture service on a Mesos cluster whose agents see this machine's files. */
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { readBundle } from './bundle.ts';
import { parseSchedulerFlags } from './commands/scheduler-flags.ts';
import { type FixtureSettings, buildFixtureService } from './fixture/fixture-service.ts';
import {
  FIXTURE_USAGE,
  parseFixtureFlags,
  parseInstances,
  parseMaximum,
  parseRollout,
  parseVolume,
} from './fixture-flags.ts';
import { createLogger } from './log.ts';
import type {
  ConfigurationSource,
  FrameworkOptions,
  SchedulerOptions,
  ServerOptions,
} from './scheduler-options.ts';
import { runScheduler } from './scheduler.ts';

const PROGRAM = resolve(import.meta.dirname, '../test/fixtures/service/fixture-service.mjs');
const WEEK_SECONDS = 604_800;

type Flags = NonNullable<ReturnType<typeof parseFixtureFlags>>;

function toConfiguration(flags: Flags): ConfigurationSource {
  const settings: FixtureSettings = {
    cluster: flags.cluster,
    instances: parseInstances(flags.instances),
    nodePath: process.execPath,
    programPath: PROGRAM,
    volume: parseVolume(flags),
    programArguments: flags['program-argument'],
    rollout: parseRollout(flags),
    ...(flags.payload !== undefined && { payloadPath: resolve(flags.payload) }),
  };
  return {
    cluster: settings.cluster,
    snapshot: JSON.stringify(settings),
    readAtMs: Date.now(),
    build: (snapshot) => buildFixtureService(JSON.parse(snapshot) as FixtureSettings),
  };
}

function toFramework({ cluster, role, principal }: Flags): FrameworkOptions {
  return {
    name: cluster,
    roles: [role],
    user: userInfo().username,
    ...(principal !== undefined && { principal }),
    failoverTimeoutSeconds: WEEK_SECONDS,
  };
}

function toServer(flags: Flags): ServerOptions {
  const { 'server-host': host, directory } = flags;
  return {
    bindHost: host ?? '0.0.0.0',
    tlsPort: 0,
    plainPort: 0,
    ...(host !== undefined && { advertisedHost: host }),
    storeDirectory: join(resolve(directory), 'artifacts'),
  };
}

async function toOptions(flags: Flags): Promise<SchedulerOptions> {
  return {
    master: flags.master,
    configuration: toConfiguration(flags),
    framework: toFramework(flags),
    server: toServer(flags),
    bundle: await readBundle(flags.bundle),
    stateDirectory: resolve(flags.directory),
    ...parseSchedulerFlags(flags, FIXTURE_USAGE),
    address: 'hostname',
    newFramework: flags['new-framework'],
    maximumFailedTasks: parseMaximum(flags['maximum-failed-tasks']),
  };
}

export async function main(argv: readonly string[]): Promise<number> {
  const flags = parseFixtureFlags(argv);
  if (flags === undefined) {
    process.stdout.write(`${FIXTURE_USAGE}\n`);
    return 0;
  }
  const options = await toOptions(flags);
  const controller = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => controller.abort());
  const log = createLogger((line) => process.stdout.write(line));
  return await runScheduler(options, { log, signal: controller.signal });
}
