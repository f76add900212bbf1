/** Memory of the executor: with a service that runs, and the most it took until a large archive was unpacked. */
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { renderArtifactPath } from '../protocol/artifact.ts';
import type { LaunchSpec } from '../protocol/launch-spec.ts';
import type { TaskStatus } from '../protocol/mesos/task.ts';
import { EXECUTOR_RESOURCES } from '../scheduler/core/service-spec.ts';
import type { FakeAgent } from '../test/integration/executor/fake-agent.ts';
import { findFreePort, fixtureSpec, toTask } from '../test/integration/executor/launch-fixture.ts';
import { type Cgroup, createCgroup } from './cgroup.ts';
import { type Served, serveDistribution } from './distribution-server.ts';
import { type AgentProcess, PEER_ARGV, withSubscribed } from './executor-process.ts';
import { readMemoryMib } from './process-memory.ts';
import type { BenchOptions, BenchSamples } from './result.ts';

const REST_MS = 2000;
/** Far from what is expected, but few shares of a busy processor are very little. */
const DEADLINE_MS = 600_000;
const PLAIN_UNPACK = join(import.meta.dirname, 'plain-unpack.mjs');

async function untilRunning(agent: FakeAgent): Promise<void> {
  const isSettled = ({ state }: TaskStatus) => state === 'TASK_RUNNING' || state === 'TASK_FAILED';
  const status = await agent.until(() => agent.statuses.find(isSettled), 'running service', DEADLINE_MS);
  if (status.state === 'TASK_FAILED') throw new Error(status.message ?? 'the task failed');
}

/** What `read` gives while the service runs; the service has ended when it resolves. */
async function runService<T>(
  { agent, expect, exit }: AgentProcess,
  spec: LaunchSpec,
  read: () => Promise<T> | T,
): Promise<T> {
  agent.launch(toTask(spec));
  await expect(untilRunning(agent));
  const value = await read();
  agent.kill(spec.taskId);
  await exit;
  return value;
}

async function readAfterRest(pid: number): Promise<number> {
  await sleep(REST_MS);
  return readMemoryMib(pid, 'VmRSS');
}

export async function measureResident(
  run: string,
  place: string,
  { rounds, report }: BenchOptions,
): Promise<BenchSamples> {
  const ours: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    report(`memory at rest, round ${round + 1} of ${rounds}`);
    const spec = fixtureSpec(await findFreePort(), []);
    const read = (started: AgentProcess) => runService(started, spec, () => readAfterRest(started.pid));
    ours.push(await withSubscribed([run], place, read));
    peer.push(await withSubscribed(PEER_ARGV, place, ({ pid }) => readAfterRest(pid)));
  }
  return { name: 'executor-rss', unit: 'MiB', ours, peer, peerName: 'node: start and one POST' };
}

/**
 * A service that takes no memory in the cgroup. It opens no port, so what is probed is the agent's, which is open: the
 * task runs as soon as it is delivered.
 */
function unpackSpec({ url, caPem, tar }: Served, openPort: number): LaunchSpec {
  const choices = [{ requires: '@{tree.distribution}', argv: ['/bin/sleep', '3600'] }];
  return fixtureSpec(openPort, [], {
    ports: {},
    servers: [url],
    trust: [caPem],
    artifacts: [{ name: 'distribution', ...tar }],
    command: { choices },
  });
}

async function unpackOurs(run: string, place: string, served: Served, cgroup: Cgroup): Promise<number> {
  const peak = await withSubscribed([...cgroup.enter, run], place, (started) => {
    const spec = unpackSpec(served, started.agent.port);
    return runService(started, spec, () => readMemoryMib(started.pid, 'VmHWM'));
  });
  rmSync(join(place, 'agent'), { recursive: true });
  return peak;
}

async function unpackPeer(place: string, served: Served, cgroup: Cgroup): Promise<number> {
  const target = join(place, 'peer');
  mkdirSync(target);
  const fetched = `${served.url}${renderArtifactPath(served.tar)}`;
  const [shell, ...entered] = cgroup.enter;
  const argv = [...entered, process.execPath, PLAIN_UNPACK, fetched, served.caFile, target];
  const { stdout } = await promisify(execFile)(shell, argv);
  rmSync(target, { recursive: true });
  return Number(stdout) / 1024;
}

async function takeTurns(
  run: string,
  place: string,
  options: BenchOptions,
  cgroup: Cgroup,
): Promise<BenchSamples> {
  const served = await serveDistribution(place);
  const ours: number[] = [];
  const peer: number[] = [];
  try {
    for (let round = 0; round < options.rounds; round += 1) {
      options.report(`memory while unpacking, round ${round + 1} of ${options.rounds}`);
      ours.push(await unpackOurs(run, place, served, cgroup));
      peer.push(await unpackPeer(place, served, cgroup));
    }
  } finally {
    served.close();
  }
  const peerName = 'node: https piped into tar';
  return { name: 'executor-peak', unit: 'MiB', ours, peer, peerName, cgroup: cgroup.description };
}

export async function measurePeak(run: string, place: string, options: BenchOptions): Promise<BenchSamples> {
  const cgroup = createCgroup(EXECUTOR_RESOURCES);
  options.report(`cgroup: ${cgroup.description}`);
  try {
    return await takeTurns(run, place, options, cgroup);
  } finally {
    cgroup.remove();
  }
}
