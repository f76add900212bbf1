/** `stevedore fixture`: runs the fixture service on a Mesos cluster whose agents see this machine's files. */
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { parseDurationMs } from '../protocol/duration.ts';
import { StevedoreError } from '../protocol/errors.ts';
import { readBundle } from './bundle.ts';
import { parseCommandFlags } from './commands/command-flags.ts';
import type { MaximumFailedTasks } from './core/failures/failed-tasks.ts';
import { parseStrategy } from './core/rollout/rollout-rule.ts';
import type { RolloutRule } from './core/service-spec.ts';
import { type FixtureSettings, type FixtureVolume, buildFixtureService } from './fixture/fixture-service.ts';
import { createLogger } from './log.ts';
import type { ConfigurationSource, SchedulerOptions } from './scheduler-options.ts';
import { runScheduler } from './scheduler.ts';

const ROOT = resolve(import.meta.dirname, '..');
const USAGE =
  'Usage: stevedore fixture --master HOST:PORT --state-dir DIR [--instances N|every-agent] [--cluster NAME] [--role ROLE] [--program-argument=ARGUMENT]... [--rollout serial|canary|N] [--stable-for DURATION] [--volume-size MIB [--volume-disk ROOT|PATH|MOUNT] [--reserve volumes|all]] [--principal NAME] [--maximum-failed-tasks N|initial-workers] [--bundle DIR] [--new-framework]';
const WEEK_SECONDS = 604_800;

const FLAGS = {
  master: { type: 'string' },
  'state-dir': { type: 'string' },
  instances: { type: 'string', default: '2' },
  cluster: { type: 'string', default: 'fixture' },
  role: { type: 'string', default: 'fixture' },
  /** As `--program-argument=--print=hello`. */
  'program-argument': { type: 'string', multiple: true, default: [] as string[] },
  rollout: { type: 'string', default: 'serial' },
  'stable-for': { type: 'string', default: '10s' },
  'volume-size': { type: 'string' },
  'volume-disk': { type: 'string', default: 'ROOT' },
  reserve: { type: 'string', default: 'volumes' },
  principal: { type: 'string' },
  'maximum-failed-tasks': { type: 'string', default: '-1' },
  bundle: { type: 'string', default: join(ROOT, 'build') },
  'new-framework': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const;

function parseInstances(text: string): number | 'every-agent' {
  if (text === 'every-agent') return text;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new StevedoreError('ERR_COMMAND_LINE', {
    problem: `--instances is '${text}', not a whole number from 1 or every-agent`,
    usage: USAGE,
  });
}

function parseRollout(text: string, stableForMs: number): RolloutRule {
  const strategy = parseStrategy(text);
  if (strategy !== undefined) return { strategy, stableForMs };
  throw new StevedoreError('ERR_COMMAND_LINE', {
    problem: `--rollout is '${text}', none of serial, canary, a number from 1`,
    usage: USAGE,
  });
}

function toConfiguration(settings: FixtureSettings): ConfigurationSource {
  return {
    cluster: settings.cluster,
    snapshot: JSON.stringify(settings),
    build: (snapshot) => buildFixtureService(JSON.parse(snapshot) as FixtureSettings),
  };
}

function refuseFlag(flag: string, value: string, expected: string): never {
  throw new StevedoreError('ERR_COMMAND_LINE', {
    problem: `--${flag} is '${value}', ${expected}`,
    usage: USAGE,
  });
}

function parseMaximum(text: string): MaximumFailedTasks {
  if (text === 'initial-workers') return text;
  if (/^(?:-1|\d{1,6})$/.test(text)) return Number(text);
  return refuseFlag('maximum-failed-tasks', text, 'neither a whole number from -1 nor initial-workers');
}

interface VolumeFlags {
  readonly 'volume-size'?: string | undefined;
  readonly 'volume-disk': string;
  readonly reserve: string;
}

function parseVolume(flags: VolumeFlags): FixtureVolume | undefined {
  const { 'volume-size': size, 'volume-disk': disk, reserve } = flags;
  if (size === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(size)) refuseFlag('volume-size', size, 'not a whole number of MiB');
  if (disk !== 'ROOT' && disk !== 'PATH' && disk !== 'MOUNT')
    return refuseFlag('volume-disk', disk, 'none of ROOT, PATH, MOUNT');
  if (reserve !== 'volumes' && reserve !== 'all')
    return refuseFlag('reserve', reserve, 'none of volumes, all');
  return { sizeMiB: Number(size), disk, reserve };
}

async function readOptions(argv: readonly string[]): Promise<SchedulerOptions | undefined> {
  const flags = parseCommandFlags(argv, FLAGS, USAGE);
  if (flags.help === true) return undefined;
  const { master, cluster, role } = flags;
  const stateDirectory = flags['state-dir'];
  if (master === undefined || stateDirectory === undefined)
    throw new StevedoreError('ERR_COMMAND_LINE', {
      problem: `${master === undefined ? '--master' : '--state-dir'} is missing`,
      usage: USAGE,
    });
  return {
    master,
    configuration: toConfiguration({
      cluster,
      instances: parseInstances(flags.instances),
      nodePath: process.execPath,
      programPath: join(ROOT, 'test/fixtures/service/fixture-service.mjs'),
      volume: parseVolume(flags),
      programArguments: flags['program-argument'],
      rollout: parseRollout(flags.rollout, parseDurationMs(flags['stable-for'])),
    }),
    framework: {
      name: cluster,
      roles: [role],
      user: userInfo().username,
      ...(flags.principal !== undefined && { principal: flags.principal }),
      failoverTimeoutSeconds: WEEK_SECONDS,
    },
    server: {
      bindHost: '0.0.0.0',
      tlsPort: 0,
      plainPort: 0,
      storeDirectory: join(resolve(stateDirectory), 'artifacts'),
    },
    bundle: await readBundle(flags.bundle),
    stateDirectory: resolve(stateDirectory),
    address: 'hostname',
    newFramework: flags['new-framework'],
    maximumFailedTasks: parseMaximum(flags['maximum-failed-tasks']),
  };
}

export async function main(argv: readonly string[]): Promise<number> {
  const options = await readOptions(argv);
  if (options === undefined) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const controller = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => controller.abort());
  const log = createLogger((line) => process.stdout.write(line));
  return await runScheduler(options, { log, signal: controller.signal });
}
