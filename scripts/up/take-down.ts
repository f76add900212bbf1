/** Ends everything that an `up` has started, whether it asks for it itself or was killed before it could. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { removeTree } from '../../executor/effects/delivery/tree-removal.ts';
import { callApi } from '../../scheduler/api/client.ts';
import { messageOf } from '../../protocol/errors.ts';
import type { UpLayout } from './layout.ts';
import {
  type ProcessIdentity,
  endProcess,
  identifyProcess,
  isRunning,
  waitForEnd,
} from './process-identity.ts';
import { removeSharedMemory } from './shared-memory.ts';
import type { UpRecord } from './up-record.ts';

/** Alluxio's workers take about 4 s to end; the scheduler bounds a teardown by itself. */
const TEARDOWN_MS = 60_000;
const GRACE_MS = 15_000;
const GUARD_MS = 5000;
/** Names of programs, as recorded and as their logs are called. */
export const SCHEDULER = 'framework';
export const MESOS = 'mesos';

export interface TakeDown {
  readonly layout: UpLayout;
  readonly programs: readonly ProcessIdentity[];
  readonly report: (text: string) => void;
}

/** Asks the scheduler to end its tasks; without a scheduler there is nobody to ask. */
async function tearDown({ layout, programs, report }: TakeDown): Promise<void> {
  const isThere = programs.some((program) => program.name === SCHEDULER && isRunning(program));
  if (!isThere || !existsSync(layout.stateDirectory)) return;
  report('ending the tasks');
  try {
    await callApi(layout.stateDirectory, 'POST', '/v1/teardown', {
      signal: AbortSignal.timeout(TEARDOWN_MS),
    });
  } catch (error) {
    report(`the scheduler did not end the tasks (${messageOf(error)}); they end with their agents`);
  }
}

function readOf(pid: number, file: 'environ' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

/** An executor of these agents, known by the sandbox that its agent named in its environment. */
function isExecutorOf(mesosDirectory: string, pid: number): boolean {
  const environment = readOf(pid, 'environ').split('\0');
  return environment.some((entry) => entry.startsWith(`MESOS_DIRECTORY=${mesosDirectory}/`));
}

/** A master or an agent, known by its work directory. */
function isPartOfMesos(mesosDirectory: string, pid: number): boolean {
  const words = readOf(pid, 'cmdline').replaceAll('--work-dir\0', '--work-dir=').split('\0');
  return words.some((word) => word.startsWith(`--work-dir=${mesosDirectory}`));
}

function listOtherPids(): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => pid !== process.pid);
}

async function endAll(pids: readonly number[]): Promise<void> {
  const identities = pids.flatMap((pid) => identifyProcess('orphan', pid) ?? []);
  await Promise.all(identities.map(async (identity) => await endProcess(identity, GRACE_MS)));
}

/** Executors whose tasks nobody could end: asked by TERM they end the service and remove what is private. */
async function endExecutors({ mesosDirectory }: UpLayout): Promise<void> {
  await endAll(listOtherPids().filter((pid) => isExecutorOf(mesosDirectory, pid)));
}

/** Masters and agents whose supervisor was killed. */
async function endOrphans({ mesosDirectory }: UpLayout): Promise<void> {
  await endAll(listOtherPids().filter((pid) => isPartOfMesos(mesosDirectory, pid)));
}

/** A guard follows its service within a second. Only waited for: it may also be somebody's own look at a file there. */
async function waitForGuards({ agentRoot }: UpLayout): Promise<void> {
  const guards = listOtherPids().filter((pid) => readOf(pid, 'cmdline').includes(`${agentRoot}/`));
  const identities = guards.flatMap((pid) => identifyProcess('guard', pid) ?? []);
  await Promise.all(identities.map(async (identity) => await waitForEnd(identity, GUARD_MS)));
}

async function endPrograms({ programs, report }: TakeDown, name: string): Promise<void> {
  for (const program of programs.filter((each) => each.name === name && isRunning(each))) {
    report(`ending ${name}`);
    await endProcess(program, GRACE_MS);
  }
}

/** Tasks, the scheduler, executors, Mesos, whatever is left of all these, the run directory. */
export async function takeDown(order: TakeDown): Promise<void> {
  const { layout } = order;
  await tearDown(order);
  await endPrograms(order, SCHEDULER);
  await endExecutors(layout);
  await endPrograms(order, MESOS);
  await endOrphans(layout);
  await waitForGuards(layout);
  // Trees of the executors' store are read-only, also for the user who owns them.
  await removeTree(layout.runDirectory);
  await removeSharedMemory();
}

/** Cleans up after an `up` that is gone. */
export async function takeDownRecorded(
  layout: UpLayout,
  record: UpRecord,
  report: (text: string) => void,
): Promise<void> {
  await takeDown({ layout, programs: record.programs, report });
}
