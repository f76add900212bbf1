/**
 * One pass over the offers of 10,000 agents with 5,000 tasks, each with a constraint on the rack and two ports, against
 * Fenzo's scheduleOnce on the same file (placement, aim: 0.2 of its time and 1 s), the same with 5,000 and 1,000 agents,
 * where the growth is seen, and the most memory that the process took (placement-peak, aim: 500 MB). Only the pass is
 * timed. Each side runs in a new process, and is warm by one pass over 1,000 agents before.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createPlace } from './at-exit.ts';
import { type Fenzo, buildFenzo, runFenzo } from './fenzo-process.ts';
import { type PassSample, writeInput } from './placement-input.ts';
import type { BenchOptions, BenchSamples } from './result.ts';

const AGENTS = [1000, 5000, 10_000] as const;
const LARGEST = 10_000;
const WARM_UP_AGENTS = 1000;
const PEER_NAME = 'Fenzo 1.0.1';
const OURS = join(import.meta.dirname, 'placement-process.ts');
const EXEC_ARGV = ['--disable-warning=ExperimentalWarning'];

function runOurs(warmUp: string, input: string): PassSample {
  const output = execFileSync(process.execPath, [...EXEC_ARGV, OURS, warmUp, input], { encoding: 'utf8' });
  const [milliseconds, placed, peakMib] = output.trim().split(' ').map(Number);
  return { milliseconds: milliseconds ?? Number.NaN, placed: placed ?? 0, peakMib: peakMib ?? Number.NaN };
}

function requireAll(side: string, { placed }: PassSample, tasks: number): void {
  if (placed !== tasks) throw new Error(`${side} placed ${placed} of ${tasks} tasks where they may run`);
}

interface Taken {
  readonly agents: number;
  readonly ours: PassSample[];
  readonly peer: PassSample[];
}

function writeInputs(place: string): (agents: number) => string {
  const fileOf = (agents: number) => join(place, `agents-${agents}`);
  for (const agents of AGENTS) writeInput(fileOf(agents), { agents, tasks: agents / 2 });
  return fileOf;
}

function takeTurns(
  fenzo: Fenzo,
  fileOf: (agents: number) => string,
  { rounds, report }: BenchOptions,
): Taken[] {
  const all: Taken[] = AGENTS.map((agents) => ({ agents, ours: [], peer: [] }));
  const warmUp = fileOf(WARM_UP_AGENTS);
  for (let round = 0; round < rounds; round += 1)
    for (const { agents, ours, peer } of all) {
      report(`${agents} agents, round ${round + 1} of ${rounds}`);
      ours.push(runOurs(warmUp, fileOf(agents)));
      peer.push(runFenzo(fenzo, warmUp, fileOf(agents)));
      requireAll('the engine', ours.at(-1) as PassSample, agents / 2);
      requireAll(PEER_NAME, peer.at(-1) as PassSample, agents / 2);
    }
  return all;
}

function toSamples({ agents, ours, peer }: Taken): BenchSamples {
  const name = agents === LARGEST ? 'placement' : `placement-${agents}`;
  const times = (samples: readonly PassSample[]) => samples.map(({ milliseconds }) => milliseconds);
  return { name, unit: 'ms', ours: times(ours), peer: times(peer), peerName: PEER_NAME };
}

function toPeak({ ours, peer }: Taken): BenchSamples {
  const peaks = (samples: readonly PassSample[]) => samples.map(({ peakMib }) => peakMib);
  return { name: 'placement-peak', unit: 'MiB', ours: peaks(ours), peer: peaks(peer), peerName: PEER_NAME };
}

/** The same number for each size would be linear. */
function renderGrowth(all: readonly Taken[]): string {
  const medianOf = (samples: readonly PassSample[]) => {
    const sorted = samples.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  };
  const perThousand = ({ agents, ours }: Taken) => `${((medianOf(ours) / agents) * 1000).toFixed(0)} ms`;
  return `1000 agents of ${AGENTS.join(', ')} take ${all.map(perThousand).join(', ')}`;
}

export async function* measurePlacement(options: BenchOptions): AsyncGenerator<BenchSamples> {
  const place = createPlace();
  try {
    options.report('fetches Fenzo and compiles its driver');
    const fenzo = buildFenzo(place.path);
    const all = takeTurns(fenzo, writeInputs(place.path), options);
    options.report(renderGrowth(all));
    for (const taken of all.toReversed()) yield toSamples(taken);
    yield toPeak(all.at(-1) as Taken);
  } finally {
    place.remove();
  }
}
