/** Flags of `stevedore fixture`, and what they are checked against. */
import { join } from 'node:path';
import { parseDurationMs } from '../protocol/duration.ts';
import { StevedoreError } from '../protocol/errors.ts';
import { parseCommandFlags } from './commands/command-flags.ts';
import { SCHEDULER_FLAGS, SCHEDULER_FLAGS_HELP } from './commands/scheduler-flags.ts';
import type { MaximumFailedTasks } from './core/failures/failed-tasks.ts';
import { parseStrategy } from './core/rollout/rollout-rule.ts';
import type { RolloutRule } from './core/service-spec.ts';
import type { FixtureVolume } from './fixture/fixture-service.ts';

export const FIXTURE_USAGE = `Usage: stevedore fixture --master HOST:PORT --state-dir DIR [OPTIONS]

  --instances N|every-agent       how many, 2
  --cluster NAME  --role ROLE     both fixture
  --principal NAME
  --program-argument=ARGUMENT     repeatable, for the program that is run
  --rollout serial|canary|N  --stable-for DURATION
  --volume-size MIB  --volume-disk ROOT|PATH|MOUNT  --reserve volumes|all
  --maximum-failed-tasks N|initial-workers
  --payload FILE.tar              every instance fetches it before it starts
  --server-host ADDRESS           the artifact server listens there; others reach it there, too
  --bundle DIR                    of the executor bundle
  --new-framework                 forget a framework that Mesos has removed

${SCHEDULER_FLAGS_HELP}`;

const FLAGS = {
  master: { type: 'string' },
  ...SCHEDULER_FLAGS,
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
  bundle: { type: 'string', default: join(import.meta.dirname, '../build') },
  'new-framework': { type: 'boolean', default: false },
  'server-host': { type: 'string' },
  payload: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

function refuseFlag(flag: string, value: string, expected: string): never {
  throw new StevedoreError('ERR_COMMAND_LINE', {
    problem: `--${flag} is '${value}', ${expected}`,
    usage: FIXTURE_USAGE,
  });
}

export function parseInstances(text: string): number | 'every-agent' {
  if (text === 'every-agent') return text;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  return refuseFlag('instances', text, 'not a whole number from 1 or every-agent');
}

interface RolloutFlags {
  readonly rollout: string;
  readonly 'stable-for': string;
}

export function parseRollout({ rollout, 'stable-for': stableFor }: RolloutFlags): RolloutRule {
  const strategy = parseStrategy(rollout);
  if (strategy !== undefined) return { strategy, stableForMs: parseDurationMs(stableFor) };
  return refuseFlag('rollout', rollout, 'none of serial, canary, a number from 1');
}

export function parseMaximum(text: string): MaximumFailedTasks {
  if (text === 'initial-workers') return text;
  if (/^(?:-1|\d{1,6})$/.test(text)) return Number(text);
  return refuseFlag('maximum-failed-tasks', text, 'neither a whole number from -1 nor initial-workers');
}

interface VolumeFlags {
  readonly 'volume-size'?: string | undefined;
  readonly 'volume-disk': string;
  readonly reserve: string;
}

export function parseVolume(flags: VolumeFlags): FixtureVolume | undefined {
  const { 'volume-size': size, 'volume-disk': disk, reserve } = flags;
  if (size === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(size)) refuseFlag('volume-size', size, 'not a whole number of MiB');
  if (disk !== 'ROOT' && disk !== 'PATH' && disk !== 'MOUNT')
    return refuseFlag('volume-disk', disk, 'none of ROOT, PATH, MOUNT');
  if (reserve !== 'volumes' && reserve !== 'all')
    return refuseFlag('reserve', reserve, 'none of volumes, all');
  return { sizeMiB: Number(size), disk, reserve };
}

/** Undefined: help was asked for. @throws StevedoreError ERR_COMMAND_LINE */
export function parseFixtureFlags(argv: readonly string[]) {
  const flags = parseCommandFlags(argv, FLAGS, FIXTURE_USAGE);
  if (flags.help === true) return undefined;
  const { master, 'state-dir': directory } = flags;
  if (master !== undefined && directory !== undefined) return { ...flags, master, directory };
  throw new StevedoreError('ERR_COMMAND_LINE', {
    problem: `${master === undefined ? '--master' : '--state-dir'} is missing`,
    usage: FIXTURE_USAGE,
  });
}
