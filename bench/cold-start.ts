/**
 * From LAUNCH to the tree that the service can use, with an empty store (cold-start) and with a filled one (warm-start),
 * against what a Mesos fetcher does: curl, then tar. Both fetch from our artifact server over TLS, in turns.
 */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { renderArtifactPath } from '../protocol/artifact.ts';
import type { LaunchSpec } from '../protocol/launch-spec.ts';
import { createPlace } from './at-exit.ts';
import { type Served, serveDistribution } from './distribution-server.ts';
import type { BenchOptions, BenchSamples } from './result.ts';

interface Sample {
  readonly seconds: number;
  readonly peakMb: number;
}

const script = (name: string): URL => new URL(`./${name}`, import.meta.url);
const execArgv = ['--disable-warning=ExperimentalWarning'];

/** As the executor bundle is built. */
const executorArgv = [...execArgv, '--max-old-space-size=112', '--max-semi-space-size=4'];

function toSpec({ url, caPem, tar }: Served): LaunchSpec {
  return {
    version: 1,
    cluster: 'bench',
    service: 'flink',
    component: 'jobmanager',
    instance: 'jobmanager-0',
    taskId: 'jobmanager-0.1',
    servers: [url],
    trust: [caPem],
    artifacts: [{ name: 'flink', ...tar }],
    files: [],
    directories: [],
    ports: {},
    addresses: {},
    environment: {},
    prepare: [],
    command: { choices: [] },
    readiness: { kind: 'tcp', host: '127.0.0.1', port: 1, intervalMs: 1, timeoutMs: 1, deadlineMs: 1 },
    killGraceMs: 0,
  };
}

async function runOurs(served: Served, place: string): Promise<Sample> {
  const sandbox = join(place, 'sandbox');
  mkdirSync(sandbox, { recursive: true });
  const env = { ...process.env, STEVEDORE_AGENT_ROOT: join(place, 'agent') };
  const child = fork(script('provision-process.ts'), { env, execArgv: executorArgv });
  child.send({ spec: toSpec(served), sandbox });
  const [sample] = (await once(child, 'message')) as [Sample];
  await once(child, 'exit');
  return sample;
}

function runPeer({ url, caFile, tgz }: Served, place: string): number {
  const target = join(place, 'peer');
  mkdirSync(target);
  const fetched = `${url}${renderArtifactPath(tgz)}`;
  const startedAt = performance.now();
  const commands = 'cd "$1" && curl -sf --cacert "$2" -o f.tgz "$3" && tar xzf f.tgz';
  execFileSync('/bin/sh', ['-c', commands, 'sh', target, caFile, fetched]);
  return (performance.now() - startedAt) / 1000;
}

/** Dirty pages of the round before must not be written in this one. */
function settleDisk(): void {
  execFileSync('sync');
}

async function measure(
  served: Served,
  place: string,
  { rounds, report }: BenchOptions,
): Promise<BenchSamples[]> {
  const cold: number[] = [];
  const warm: number[] = [];
  const peer: number[] = [];
  const peaks: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    report(`round ${round + 1} of ${rounds}`);
    settleDisk();
    const sample = await runOurs(served, place);
    cold.push(sample.seconds);
    peaks.push(sample.peakMb);
    warm.push((await runOurs(served, place)).seconds);
    rmSync(join(place, 'agent'), { recursive: true });
    settleDisk();
    peer.push(runPeer(served, place));
    rmSync(join(place, 'peer'), { recursive: true });
  }
  const peerName = 'curl, then tar xzf';
  report(`peak resident memory of the executor: ${Math.max(...peaks).toFixed(0)} MB`);
  return [
    { name: 'cold-start', unit: 's', ours: cold, peer, peerName },
    { name: 'warm-start', unit: 's', ours: warm, peer, peerName },
  ];
}

export async function* measureColdStart(options: BenchOptions): AsyncGenerator<BenchSamples> {
  const place = createPlace();
  try {
    options.report('making a distribution');
    const served = await serveDistribution(place.path);
    try {
      yield* await measure(served, place.path, options);
    } finally {
      served.close();
    }
  } finally {
    place.remove();
  }
}
