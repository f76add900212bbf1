/** All benchmarks. One run can yield several results. */
import { measureColdStart } from './cold-start.ts';
import { measureEngineStorm } from './engine-storm.ts';
import { measureExecutor } from './executor-start.ts';
import { measurePlacement } from './placement.ts';
import { measureTakeover } from './takeover.ts';
import type { BenchOptions, BenchSamples } from './result.ts';

export interface Benchmark {
  /** The first is the benchmark's own; by the others it is found, too. */
  readonly yields: readonly [string, ...string[]];
  readonly measure: (options: BenchOptions) => AsyncIterable<BenchSamples>;
}

const BENCHMARKS: readonly Benchmark[] = [
  { yields: ['cold-start', 'warm-start'], measure: measureColdStart },
  { yields: ['executor-start', 'executor-rss', 'executor-peak'], measure: measureExecutor },
  { yields: ['placement', 'placement-5000', 'placement-1000', 'placement-peak'], measure: measurePlacement },
  { yields: ['takeover'], measure: measureTakeover },
  { yields: ['engine-storm'], measure: measureEngineStorm },
];

export const BENCHMARK_NAMES = BENCHMARKS.flatMap(({ yields }) => yields);

/** All of them without a name, none when nothing is called so. */
export function selectBenchmarks(name: string | undefined): readonly Benchmark[] {
  return name === undefined ? BENCHMARKS : BENCHMARKS.filter(({ yields }) => yields.includes(name));
}
