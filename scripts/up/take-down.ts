/** Ends everything that an `up` has started, whether it asks for it itself or was killed before it could. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { callApi } from '../../scheduler/api/client.ts';
import { messageOf } from '../../protocol/errors.ts';
import type { UpLayout } from './layout.ts';
import { type ProcessIdentity, endProcess, identifyProcess, isRunning } from './process-identity.ts';
import type { UpRecord } from './up-record.ts';

/** Alluxio's workers take about 4 s to end; the scheduler bounds a teardown by itself. */
const TEARDOWN_MS = 60_000;
const GRACE_MS = 15_000;
const SCHEDULER = 'framework';

export interface TakeDown {
  readonly layout: UpLayout;
  readonly programs: readonly ProcessIdentity[];
  readonly report: (text: string) => void;
}

/** Asks the scheduler to end its tasks; without a scheduler there is nobody to ask. */
async function tearDown({ layout, programs, report }: TakeDown): Promise<void> {
  const scheduler = programs.find(({ name }) => name === SCHEDULER);
  if (scheduler === undefined || !isRunning(scheduler)) return;
  if (!existsSync(layout.stateDirectory)) return;
  report('ending the tasks');
  try {
    await callApi(layout.stateDirectory, 'POST', '/v1/teardown', AbortSignal.timeout(TEARDOWN_MS));
  } catch (error) {
    report(`the scheduler did not end the tasks (${messageOf(error)}); they end with their agents`);
  }
}

/** An executor of these agents, known by the sandbox that the agent named in its environment. */
function isExecutorOf(mesosDirectory: string, pid: number): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    return environment.some((entry) => entry.startsWith(`MESOS_DIRECTORY=${mesosDirectory}/`));
  } catch {
    return false;
  }
}

/** Programs of the local Mesos whose supervisor was killed, and executors whose agent was. */
function findOrphans({ mesosDirectory }: UpLayout): ProcessIdentity[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids
    .map(Number)
    .filter((pid) => pid !== process.pid)
    .filter((pid) => isExecutorOf(mesosDirectory, pid) || isPartOfMesos(mesosDirectory, pid))
    .flatMap((pid) => identifyProcess('orphan', pid) ?? []);
}

/** A master or an agent, known by its work directory. */
function isPartOfMesos(mesosDirectory: string, pid: number): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .replaceAll('--work-dir\0', '--work-dir=')
      .split('\0');
    return words.some((word) => word.startsWith(`--work-dir=${mesosDirectory}`));
  } catch {
    return false;
  }
}

/** Tasks first, then the scheduler, then Mesos, then whatever is left of them, then the run directory. */
export async function takeDown(order: TakeDown): Promise<void> {
  await tearDown(order);
  for (const program of [...order.programs].reverse()) {
    if (isRunning(program)) order.report(`ending ${program.name}`);
    await endProcess(program, GRACE_MS);
  }
  await Promise.all(findOrphans(order.layout).map(async (orphan) => await endProcess(orphan, GRACE_MS)));
  await rm(order.layout.runDirectory, { recursive: true, force: true, maxRetries: 5 });
}

/** Cleans up after an `up` that is gone. */
export async function takeDownRecorded(
  layout: UpLayout,
  record: UpRecord,
  report: (text: string) => void,
): Promise<void> {
  await takeDown({ layout, programs: record.programs, report });
}
