/** What a benchmark is given, and what it leaves behind: one JSON per name. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, totalmem } from 'node:os';

interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface BenchOptions {
  /** How often ours and the peer take turns; odd, for the median. */
  readonly rounds: number;
  readonly report: (line: string) => void;
}

/** What was measured, ours and the peer in turns. */
export interface BenchSamples {
  readonly name: string;
  readonly unit: string;
  readonly ours: readonly number[];
  readonly peer: readonly number[];
  readonly peerName: string;
  /** Limits under which it ran, and which of them could not be set. */
  readonly cgroup?: string;
}

export interface BenchResult {
  readonly name: string;
  readonly unit: string;
  readonly ours: Spread;
  readonly peer: Spread;
  readonly peerName: string;
  /** Ours by the peer's, of the medians. */
  readonly ratio: number;
  readonly runs: number;
  readonly machine: Readonly<Record<string, string | number>>;
}

const RESULTS = new URL('./results/', import.meta.url);

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** Medians of an odd number of runs. */
function toSpread(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (index: number) => round(sorted[index] ?? Number.NaN);
  return { min: at(0), median: at(Math.floor(sorted.length / 2)), max: at(sorted.length - 1) };
}

/** The load tells how busy the machine was with other things. */
function describeMachine(): BenchResult['machine'] {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryMiB: Math.round(totalmem() / 1024 ** 2),
    load: round(loadavg()[0] ?? Number.NaN),
    kernel: release(),
    arch: arch(),
    node: process.version,
  };
}

/** Writes `bench/results/<name>.json`. */
export function writeResult({ name, unit, ours, peer, peerName, cgroup }: BenchSamples): BenchResult {
  const spreads = { ours: toSpread(ours), peer: toSpread(peer) };
  const ratio = round(spreads.ours.median / spreads.peer.median);
  const machine = { ...describeMachine(), ...(cgroup === undefined ? {} : { cgroup }) };
  const result = { name, unit, ...spreads, peerName, ratio, runs: ours.length, machine };
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(new URL(`${name}.json`, RESULTS), `${JSON.stringify(result, undefined, 2)}\n`);
  return result;
}
