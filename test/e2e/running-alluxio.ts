/** An Alluxio cluster brought up as `stevedore up` does it, in a directory of its own, for the end-to-end tests. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstanceStatus, StatusReport } from '../../scheduler/api/status.ts';
import { readProgram } from '../../scripts/child-process.ts';
import { type Cluster, createCluster, endCluster } from '../../scripts/up/cluster.ts';
import { layOut } from '../../scripts/up/layout.ts';
import { planSteps } from '../../scripts/up/steps.ts';
import { claimUp } from '../../scripts/up/up-record.ts';
import { readStatus } from '../../scripts/up/wait-until-ready.ts';
import { eventually } from '../support/eventually.ts';
import { type ProcessEntry, listProcesses } from '../support/process-table.ts';

export const RAMDISK_BYTES = 128 * 1024 * 1024;

const MAIN_CLASSES = {
  master: 'alluxio.master.AlluxioMaster',
  worker: 'alluxio.worker.AlluxioWorker',
} as const;

export interface RunningAlluxio {
  readonly directory: string;
  readonly cluster: Cluster;
}

export async function bringUpAlluxio(properties: Readonly<Record<string, string>>): Promise<RunningAlluxio> {
  const directory = await mkdtemp(join(tmpdir(), 'stevedore-e2e-'));
  const record = await claimUp(layOut(directory).recordPath, new Date());
  const options = { service: 'alluxio', port: 0, directory, properties } as const;
  const cluster = createCluster(options, record, new AbortController().signal);
  try {
    for (const step of planSteps(cluster)) if (step.skip !== true) await step.run(() => {});
  } catch (error) {
    await endAlluxio({ directory, cluster });
    throw error;
  }
  return { directory, cluster };
}

export async function endAlluxio({ directory, cluster }: RunningAlluxio): Promise<void> {
  await endCluster(cluster, () => {});
  await rm(directory, { recursive: true, force: true });
}

/** Java processes of a component: their class path names the tree in our agents' root. Shells above them name it too. */
export function listServices({ cluster }: RunningAlluxio, component: 'master' | 'worker'): ProcessEntry[] {
  const { agentRoot } = cluster.layout;
  return listProcesses().filter(({ commandLine }) => {
    const [program = '', ...words] = commandLine.split('\0');
    const isJava = program.endsWith('/java') && words.includes(MAIN_CLASSES[component]);
    return isJava && commandLine.includes(agentRoot);
  });
}

/** Pids and start times of all services, to be compared. */
export function listServiceIdentities(alluxio: RunningAlluxio): string[] {
  const services = [...listServices(alluxio, 'master'), ...listServices(alluxio, 'worker')];
  return services.map(({ pid, startTime }) => `${pid} ${startTime}`).sort();
}

export async function readInstances({ cluster }: RunningAlluxio): Promise<readonly InstanceStatus[]> {
  return (await readStatus(cluster))?.instances ?? [];
}

export async function findInstance(alluxio: RunningAlluxio, name: string): Promise<InstanceStatus> {
  const found = (await readInstances(alluxio)).find((instance) => instance.name === name);
  if (found === undefined) throw new Error(`the scheduler knows no ${name}`);
  return found;
}

/** Waits until an instance runs another task than before. */
export async function waitForNewTask(
  alluxio: RunningAlluxio,
  before: InstanceStatus,
): Promise<InstanceStatus> {
  return await eventually(`another task of ${before.name}`, 120_000, async () => {
    const now = await findInstance(alluxio, before.name);
    return now.phase === 'ready' && now.taskId !== before.taskId ? now : undefined;
  });
}

export async function waitForStatus(
  { cluster }: RunningAlluxio,
  what: string,
  isReached: (status: StatusReport) => boolean,
): Promise<StatusReport> {
  return await eventually(what, 120_000, async () => {
    const status = await readStatus(cluster);
    return status !== undefined && isReached(status) ? status : undefined;
  });
}

/** Runs `alluxio fs` against the master; its output. */
export async function runClient(alluxio: RunningAlluxio, ...words: string[]): Promise<string> {
  const master = await findInstance(alluxio, 'master-0');
  const { status, lines } = await readProgram(
    join(alluxio.cluster.distribution as string, 'bin/alluxio'),
    [
      'fs',
      `-Dalluxio.master.hostname=${master.host}`,
      `-Dalluxio.master.rpc.port=${master.ports.rpc}`,
      ...words,
    ],
    AbortSignal.timeout(90_000),
  );
  if (status !== 0)
    throw new Error(`alluxio fs ${words.join(' ')} ended with ${status}: ${lines.join('\n')}`);
  return lines.join('\n');
}

/** What the local Mesos says of its own programs. */
export async function readMesosPrograms({ cluster }: RunningAlluxio): Promise<{
  readonly master: string;
  readonly agents: readonly { readonly name: string; readonly address: string; readonly pid: number }[];
}> {
  return JSON.parse(await readFile(join(cluster.layout.mesosDirectory, 'local.json'), 'utf8'));
}

/** The executor above a service: the nearest ancestor that an agent gave a sandbox. */
export function findExecutor(service: ProcessEntry): ProcessEntry {
  const processes = listProcesses();
  for (let entry: ProcessEntry | undefined = service; entry !== undefined; ) {
    if (entry.environment.includes('MESOS_EXECUTOR_ID=')) return entry;
    const { parentPid }: ProcessEntry = entry;
    entry = processes.find(({ pid }) => pid === parentPid);
  }
  throw new Error(`process ${service.pid} has no executor`);
}
