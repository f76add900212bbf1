/** What a benchmark leaves behind: one JSON per name, and one line for the reader. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, totalmem } from 'node:os';

interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

interface BenchSamples {
  readonly name: string;
  readonly unit: string;
  readonly ours: readonly number[];
  readonly peer: readonly number[];
  readonly peerName: string;
}

const RESULTS = new URL('./results/', import.meta.url);

function toSpread(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (index: number) => Math.round((sorted[index] ?? Number.NaN) * 1000) / 1000;
  return { min: at(0), median: at(Math.floor(sorted.length / 2)), max: at(sorted.length - 1) };
}

/** Writes `bench/results/<name>.json` and prints the ratio. Medians of an odd number of runs. */
export function writeResult({ name, unit, ours, peer, peerName }: BenchSamples): void {
  const spreads = { ours: toSpread(ours), peer: toSpread(peer) };
  const ratio = Math.round((spreads.ours.median / spreads.peer.median) * 1000) / 1000;
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryMiB: Math.round(totalmem() / 1024 ** 2),
    kernel: release(),
    arch: arch(),
    node: process.version,
  };
  mkdirSync(RESULTS, { recursive: true });
  const result = { name, unit, ...spreads, peerName, ratio, runs: ours.length, machine };
  writeFileSync(new URL(`${name}.json`, RESULTS), `${JSON.stringify(result, undefined, 2)}\n`);
  const render = ({ min, median, max }: Spread) => `${min}/${median}/${max} ${unit}`;
  console.log(`${name}: ours ${render(spreads.ours)}, ${peerName} ${render(spreads.peer)}, ratio ${ratio}`);
}
