/** Runs one service as one Mesos framework, until it is stopped (tasks go on) or torn down (tasks end). */
import { StevedoreError, messageOf } from '../protocol/errors.ts';
import { openApiServer } from './api/server.ts';
import { type ServingParts, openArtifactServer } from './artifact-serving.ts';
import type { ArtifactProgress } from './artifacts.ts';
import { type ChosenConfiguration, chooseConfiguration } from './configuration-choice.ts';
import { prepareConfiguration, rebuildConfiguration } from './configuration-preparation.ts';
import { listKeptSnapshots } from './core/rollout/configuration-version.ts';
import { toRemembered } from './core/teardown.ts';
import { FrameworkRun } from './framework-run.ts';
import type { Logger } from './log.ts';
import { openMasters } from './mesos/masters.ts';
import { runConnection } from './mesos/scheduler-connection.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import type { RecordStore } from './state/record-store.ts';
import { type SchedulerState, openSchedulerState, toRecordChanges } from './state/scheduler-state.ts';
import { openSqliteRecordStore } from './state/sqlite-record-store.ts';
import { lockStateDirectory, prepareStateDirectory } from './state/state-directory.ts';

export interface SchedulerHooks {
  readonly log: Logger;
  /** Stops the scheduler; every task keeps running. */
  readonly signal: AbortSignal;
  readonly onProgress?: ArtifactProgress;
}

/** Closes what was opened, the last first. */
type Cleanup = (() => void | Promise<void>)[];

const TICK_MS = 500;

async function closeAll(cleanup: Cleanup, log: Logger): Promise<void> {
  for (const close of cleanup.toReversed())
    try {
      await close();
    } catch (error) {
      log.warn({ problem: messageOf(error) }, 'something could not be closed');
    }
}

/** The framework is gone with its tasks; what lies on hosts is remembered. */
async function forgetFramework(store: RecordStore, state: SchedulerState, log: Logger): Promise<void> {
  const { frameworkId, instances } = state.stored;
  if (frameworkId === undefined) return;
  log.warn({ frameworkId }, 'forgets the framework and its tasks, as asked');
  const changed = instances.map((instance) => toRemembered(instance, Date.now()));
  await store.write(
    toRecordChanges({ frameworkId: null, changed, removed: [], facts: { teardown: undefined } }),
  );
}

async function openState(options: SchedulerOptions, log: Logger, cleanup: Cleanup): Promise<SchedulerState> {
  const directory = prepareStateDirectory(options.stateDirectory);
  const lock = lockStateDirectory(directory);
  cleanup.push(() => lock.release());
  const store = openSqliteRecordStore(directory);
  cleanup.push(() => store.close());
  const { cluster } = options.configuration;
  const state = await openSchedulerState(store, cluster, directory);
  if (options.newFramework !== true) return state;
  await forgetFramework(store, state, log);
  return await openSchedulerState(store, cluster, directory);
}

/** The snapshot is stored before anything refers to it. */
async function settleConfiguration(
  { configuration, framework }: SchedulerOptions,
  state: SchedulerState,
): Promise<ChosenConfiguration> {
  const chosen = chooseConfiguration({ source: configuration, framework, state });
  const { versions = [], rollback } = state.stored.facts ?? {};
  const kept = [
    ...listKeptSnapshots(versions),
    ...(rollback === undefined ? [] : [rollback.from, rollback.to]),
  ];
  await state.persistSnapshot(chosen.digest, chosen.snapshot, kept);
  return chosen;
}

function startTicking(run: FrameworkRun): () => void {
  const timer = setInterval(() => void run.dispatch({ kind: 'tick' }), TICK_MS);
  return () => clearInterval(timer);
}

function connect(run: FrameworkRun, { options, masters, log }: ServingParts): Promise<void> {
  return runConnection({
    detector: masters.detector,
    access: masters.access,
    principal: options.framework.principal,
    createSubscribe: () => run.createSubscribe(),
    onOpen: (stream) => run.open(stream),
    onEvent: (event) => run.receive(event),
    onClose: (reason) => run.close(reason),
    log,
    chance: Math.random,
    signal: run.ended,
  });
}

interface ConfiguredRun {
  readonly run: FrameworkRun;
  readonly chosen: ChosenConfiguration;
}

async function serveLaunches(
  { run, chosen }: ConfiguredRun,
  parts: ServingParts,
  cleanup: Cleanup,
): Promise<void> {
  const server = await openArtifactServer(parts);
  cleanup.push(() => server.close(0));
  run.setPreparation(async (snapshot) =>
    prepareConfiguration(server, parts, rebuildConfiguration(parts, snapshot)),
  );
  await run.configure(await prepareConfiguration(server, parts, chosen));
}

/** Everything that needs the master, up to the end of the subscription. */
async function runFramework(
  { run, chosen }: ConfiguredRun,
  parts: ServingParts,
  cleanup: Cleanup,
): Promise<void> {
  if (!run.isTearingDown) await serveLaunches({ run, chosen }, parts, cleanup);
  cleanup.push(startTicking(run));
  await connect(run, parts);
}

async function serve(options: SchedulerOptions, hooks: SchedulerHooks, cleanup: Cleanup): Promise<number> {
  const { log, onProgress = () => undefined } = hooks;
  // What can be wrong with the options is said before anything is made.
  const masters = openMasters(options, hooks);
  cleanup.push(() => masters.close());
  const state = await openState(options, log, cleanup);
  const chosen = await settleConfiguration(options, state);
  const { framework } = chosen;
  const run = new FrameworkRun({
    options: { ...options, framework },
    chosen,
    state,
    log,
    signal: hooks.signal,
  });
  const api = await openApiServer(options.stateDirectory, run);
  cleanup.push(() => api.close());
  const hasTask = (taskId: string) => run.hasTask(taskId);
  try {
    await runFramework(
      { run, chosen },
      { options: { ...options, framework }, state, masters, hasTask, log, signal: run.ended, onProgress },
      cleanup,
    );
  } catch (error) {
    if (!run.ended.aborted) throw error;
  }
  return run.finish();
}

/**
 * The exit status: 0 after a stop or a teardown, 1 when it cannot go on; the reason is logged. Tasks are ended by a
 * teardown only.
 */
export async function runScheduler(options: SchedulerOptions, hooks: SchedulerHooks): Promise<number> {
  const cleanup: Cleanup = [];
  try {
    return await serve(options, hooks, cleanup);
  } catch (error) {
    const stack = error instanceof StevedoreError || !(error instanceof Error) ? undefined : error.stack;
    hooks.log.error({ stack }, messageOf(error));
    return 1;
  } finally {
    await closeAll(cleanup, hooks.log);
  }
}
