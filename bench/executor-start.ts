/**
 * The executor of `build/` as agents run it: from its start to its SUBSCRIBE (executor-start, aim: 150 ms), and its
 * memory while a service runs (executor-rss, aim: 100 MB) and while it unpacks (executor-peak, aim: 160 MB).
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createPlace } from './at-exit.ts';
import { measurePeak, measureResident } from './executor-memory.ts';
import { PEER_ARGV, unpackBundle, withSubscribed } from './executor-process.ts';
import type { BenchOptions, BenchSamples } from './result.ts';

/** A start is short, so it is measured more often. */
const STARTS_PER_ROUND = 5;

/** Exact, where the fake agent is asked only from time to time. */
function nextRequestAt(): Promise<number> {
  return new Promise((resolve) => {
    const note = () => {
      unsubscribe('http.server.request.start', note);
      resolve(performance.now());
    };
    subscribe('http.server.request.start', note);
  });
}

async function timeStart(argv: readonly string[], place: string): Promise<number> {
  const arrivedAt = nextRequestAt();
  return await withSubscribed(argv, place, async ({ startedAt }) => (await arrivedAt) - startedAt);
}

async function measureStart(run: string, place: string, options: BenchOptions): Promise<BenchSamples> {
  const ours: number[] = [];
  const peer: number[] = [];
  options.report(`${options.rounds * STARTS_PER_ROUND} starts`);
  for (let start = 0; start < options.rounds * STARTS_PER_ROUND; start += 1) {
    ours.push(await timeStart([run], place));
    peer.push(await timeStart(PEER_ARGV, place));
  }
  return { name: 'executor-start', unit: 'ms', ours, peer, peerName: 'node: start and one POST' };
}

export async function* measureExecutor(options: BenchOptions): AsyncGenerator<BenchSamples> {
  const place = createPlace();
  try {
    const run = await unpackBundle(place.path);
    yield await measureStart(run, place.path, options);
    yield await measureResident(run, place.path, options);
    yield await measurePeak(run, place.path, options);
  } finally {
    place.remove();
  }
}
