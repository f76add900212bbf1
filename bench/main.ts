/** `make bench [NAME=…]`: runs all benchmarks, or the one that yields NAME. STEVEDORE_BENCH_ROUNDS: how often, default 5. */
import { messageOf } from '../protocol/errors.ts';
import { type Benchmark, BENCHMARK_NAMES, selectBenchmarks } from './benchmarks.ts';
import { type BenchResult, writeResult } from './result.ts';
import { renderTable } from './table.ts';

const DEFAULT_ROUNDS = '5';

function report(benchmark: Benchmark, line: string): void {
  console.log(`${new Date().toISOString().slice(11, 19)} ${benchmark.yields[0]}: ${line}`);
}

async function run(benchmark: Benchmark, rounds: number): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for await (const samples of benchmark.measure({ rounds, report: (line) => report(benchmark, line) })) {
    results.push(writeResult(samples));
    report(benchmark, `wrote bench/results/${samples.name}.json`);
  }
  return results;
}

function refuse(problem: string): number {
  console.error(problem);
  return 2;
}

async function main([name]: readonly string[]): Promise<number> {
  const benchmarks = selectBenchmarks(name);
  if (benchmarks.length === 0)
    return refuse(`There is no benchmark '${name}'. There are: ${BENCHMARK_NAMES.join(', ')}`);
  const rounds = process.env.STEVEDORE_BENCH_ROUNDS ?? DEFAULT_ROUNDS;
  if (!/^[1-9]\d*$/.test(rounds))
    return refuse(`STEVEDORE_BENCH_ROUNDS is '${rounds}'; it has to be a number from 1 on`);
  const results: BenchResult[] = [];
  for (const benchmark of benchmarks) results.push(...(await run(benchmark, Number(rounds))));
  console.log(`\n${renderTable(results)}`);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(messageOf(error));
    process.exit(1);
  },
);
