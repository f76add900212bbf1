/** One cluster on this machine: what `up` has started so far, and how to start the rest. */
import { type UpLayout, layOut, logPathOf } from './layout.ts';
import type { UpOptions } from './options.ts';
import { type ProgramOrder, type RunningProgram, readLastLines, startProgram } from './program.ts';
import { type UpRecord, writeUpRecord } from './up-record.ts';
import { StevedoreError } from '../../protocol/errors.ts';
import { takeDown } from './take-down.ts';

export interface Cluster {
  readonly options: UpOptions;
  readonly layout: UpLayout;
  readonly signal: AbortSignal;
  record: UpRecord;
  readonly programs: RunningProgram[];
  javaHome?: string;
  /** Of the assembled Alluxio. */
  distribution?: string;
  /** `host:port` of the Mesos master. */
  master?: string;
}

export function createCluster(options: UpOptions, record: UpRecord, signal: AbortSignal): Cluster {
  const layout = layOut(options.directory);
  const known = options.mesos === undefined ? {} : { master: options.mesos };
  return { options, layout, signal, record, programs: [], ...known };
}

/** Starts a program and records it before anything else, so that `down` finds it whatever happens. */
export async function addProgram(
  cluster: Cluster,
  order: Omit<ProgramOrder, 'logPath'>,
): Promise<RunningProgram> {
  cluster.signal.throwIfAborted();
  const logPath = logPathOf(cluster.layout, order.name);
  const program = await startProgram({ ...order, logPath });
  cluster.programs.push(program);
  cluster.record = { ...cluster.record, programs: [...cluster.record.programs, program.identity] };
  await writeUpRecord(cluster.layout.recordPath, cluster.record);
  return program;
}

/** A failure that shows the end of a program's log. */
export async function describeFailure(
  step: string,
  problem: string,
  logPath: string,
): Promise<StevedoreError> {
  const lines = await readLastLines(logPath, 8);
  const text = lines === '' ? problem : `${problem}. Its last lines:\n${lines.replaceAll(/^/gm, '    ')}\n`;
  return new StevedoreError('ERR_UP_STEP', { step, problem: text, log: logPath });
}

/** Works until done, until the signal, or until one of the programs ends, which is a failure. */
export async function workWhileRunning<Result>(
  cluster: Cluster,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const over = new AbortController();
  try {
    const working = work(AbortSignal.any([cluster.signal, over.signal]));
    return await Promise.race([working, ...cluster.programs.map(failWhenEnded)]);
  } finally {
    over.abort();
  }
}

async function failWhenEnded(program: RunningProgram): Promise<never> {
  const how = await program.ended;
  throw await describeFailure(program.identity.name, `it ended with ${how}`, program.logPath);
}

export async function endCluster(cluster: Cluster, report: (text: string) => void): Promise<void> {
  await takeDown({ layout: cluster.layout, programs: cluster.record.programs, report });
}
