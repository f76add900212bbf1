/**
 * A scheduler comes back to 5,000 tasks that became ready without it, and hears of all of them at once: from the first of 5,000 updates until the
 * last was decided about, stored in a real SQLite file and told to metrics and followers (engine-storm, aim: 5 s). There
 * is no peer: it stands against that aim. Each round is a new process, since a scheduler that comes back is not warm.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createPlace } from './at-exit.ts';
import type { BenchOptions, BenchSamples } from './result.ts';

const TASKS = 5000;
const TARGET_S = 5;
const PROGRAM = join(import.meta.dirname, 'engine-storm-process.ts');
const EXEC_ARGV = ['--disable-warning=ExperimentalWarning'];

interface Storm {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly writes: number;
  readonly peakMib: number;
}

function runStorm(directory: string): Storm {
  const arguments_ = [...EXEC_ARGV, PROGRAM, directory, String(TASKS)];
  return JSON.parse(execFileSync(process.execPath, arguments_, { encoding: 'utf8' })) as Storm;
}

function renderStorm({ seconds, cpuSeconds, writes, peakMib }: Storm): string {
  const perUpdate = ((cpuSeconds * 1000) / TASKS).toFixed(2);
  return `${seconds.toFixed(2)} s, ${perUpdate} ms of CPU each, ${writes} writes, peak ${peakMib.toFixed(0)} MiB`;
}

export async function* measureEngineStorm({ rounds, report }: BenchOptions): AsyncGenerator<BenchSamples> {
  const place = createPlace();
  try {
    const ours: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const storm = runStorm(join(place.path, String(round)));
      ours.push(storm.seconds);
      report(`round ${round} of ${rounds}: ${renderStorm(storm)}`);
    }
    const peer = ours.map(() => TARGET_S);
    yield { name: 'engine-storm', unit: 's', ours, peer, peerName: `none: target ${TARGET_S} s` };
  } finally {
    place.remove();
  }
}
