/** `stevedore up`: a cluster on this machine, for as long as this program runs. */
import { once } from 'node:events';
import { renderDuration } from '../../protocol/duration.ts';
import { type Cluster, createCluster, endCluster, workWhileRunning } from './cluster.ts';
import { describeCluster } from './describe-cluster.ts';
import { type UpLayout, layOut } from './layout.ts';
import { UP_USAGE, type UpOptions, parseUpOptions } from './options.ts';
import { runSteps } from './step.ts';
import { planSteps } from './steps.ts';
import { takeDownRecorded } from './take-down.ts';
import { type UpRecord, claimUp, readUpRecord, refuseSecond } from './up-record.ts';

const MIN_COLUMNS = 40;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Aborts at the first signal; later ones change nothing, since taking down is bounded. */
function watchSignals(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const onSignal = () => controller.abort();
  for (const name of SIGNALS) process.on(name, onSignal);
  const release = () => {
    for (const name of SIGNALS) process.off(name, onSignal);
  };
  return { signal: controller.signal, release };
}

/** A terminal that was closed must not stop the taking down. */
function outliveTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** Clears what an `up` left that was killed. @throws StevedoreError ERR_UP_RUNNING */
async function clearFormer(layout: UpLayout): Promise<void> {
  const former = await readUpRecord(layout.recordPath);
  if (former === undefined) return;
  refuseSecond(former, layout.runDirectory);
  print('An earlier cluster was not taken down: cleaning up after it.');
  await takeDownRecorded(layout, former, print);
}

async function claim(options: UpOptions): Promise<UpRecord> {
  const layout = layOut(options.directory);
  await clearFormer(layout);
  return await claimUp(layout.recordPath, new Date());
}

/** Until the signal; a program that ends by itself is a failure. */
async function hold(cluster: Cluster): Promise<void> {
  await workWhileRunning(cluster, async (signal) => {
    if (!signal.aborted) await once(signal, 'abort');
  });
}

/** A live list needs room: a terminal that tells no width gets plain lines. */
function isTerminal(output: NodeJS.WriteStream): boolean {
  return output.isTTY === true && output.columns >= MIN_COLUMNS;
}

async function bringUp(cluster: Cluster): Promise<void> {
  const startedAt = performance.now();
  await runSteps(planSteps(cluster), isTerminal(process.stdout));
  print(`\nThe cluster is ready after ${renderDuration(performance.now() - startedAt)}.\n`);
  print(await describeCluster(cluster));
  print('Ctrl-C ends it.');
  await hold(cluster);
}

async function runCluster(options: UpOptions, signal: AbortSignal): Promise<number> {
  const cluster = createCluster(options, await claim(options), signal);
  try {
    await bringUp(cluster);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await endCluster(cluster, print);
  }
  print(`Nothing is left running. Logs: ${cluster.layout.logDirectory}`);
  return 0;
}

/** @throws StevedoreError of the step that failed, after everything is undone. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseUpOptions(argv);
  if (options === undefined) {
    print(UP_USAGE);
    return 0;
  }
  outliveTerminal();
  const { signal, release } = watchSignals();
  try {
    return await runCluster(options, signal);
  } finally {
    release();
  }
}
