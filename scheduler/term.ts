/** One time of leading: from the state to a subscription, until it is stopped, torn down, or leads no longer. */
import { createAccessToken, writeAccessToken } from './api/access-token.ts';
import type { Api } from './api/open-api.ts';
import { type ServingParts, openArtifactServer } from './artifact-serving.ts';
import type { ArtifactProgress } from './artifacts.ts';
import { Cleanup } from './cleanup.ts';
import type { ChosenConfiguration } from './configuration-choice.ts';
import { prepareConfiguration, rebuildConfiguration } from './configuration-preparation.ts';
import { FrameworkRun } from './framework-run.ts';
import type { Term } from './leadership/leadership.ts';
import type { Logger } from './log.ts';
import type { Masters } from './mesos/masters.ts';
import { runConnection } from './mesos/scheduler-connection.ts';
import { RunControl } from './run-control.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import type { SchedulerState } from './state/scheduler-state.ts';
import { openTermState, settleConfiguration } from './term-state.ts';

export interface TermParts {
  readonly term: Term;
  readonly options: SchedulerOptions;
  readonly masters: Masters;
  readonly api: Api;
  readonly log: Logger;
  readonly onProgress: ArtifactProgress;
  /** When this scheduler was told to run the service. */
  readonly startedAtMs: number;
}

const TICK_MS = 500;

interface ConfiguredRun {
  readonly run: FrameworkRun;
  readonly chosen: ChosenConfiguration;
}

function openRun(
  { term, options, log }: TermParts,
  state: SchedulerState,
  chosen: ChosenConfiguration,
): { readonly run: FrameworkRun; readonly control: RunControl } {
  const { signal, confirmLeadership } = term;
  const runParts = { options, chosen, state, confirmLeadership, log, signal };
  const run = new FrameworkRun(runParts);
  return { run, control: new RunControl(run, runParts) };
}

async function serveLaunches(
  { run, chosen }: ConfiguredRun,
  parts: ServingParts,
  cleanup: Cleanup,
): Promise<void> {
  const server = await openArtifactServer(parts);
  cleanup.add(() => server.close(0));
  run.configurations.setPreparation(async (snapshot) =>
    prepareConfiguration(server, parts, rebuildConfiguration(parts, snapshot)),
  );
  await run.configurations.offer(await prepareConfiguration(server, parts, chosen));
  server.complete();
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
    signal: run.end.signal,
  });
}

/** Everything that needs the master, up to the end of the subscription. */
async function follow(configured: ConfiguredRun, parts: ServingParts, cleanup: Cleanup): Promise<void> {
  const { run } = configured;
  // In a teardown nothing is launched any more, so nothing is to be made ready for it.
  if (run.state.mode === 'running') await serveLaunches(configured, parts, cleanup);
  const timer = setInterval(() => void run.dispatch({ kind: 'tick' }), TICK_MS);
  cleanup.add(() => clearInterval(timer));
  await connect(run, parts);
}

async function lead(parts: TermParts, cleanup: Cleanup): Promise<number> {
  const { options, masters, api, log, onProgress, term } = parts;
  const state = await openTermState(parts);
  if ((state.tornDownAtMs ?? 0) > parts.startedAtMs) {
    log.info({}, 'ends: the service was torn down while this scheduler stood by');
    return 0;
  }
  const chosen = await settleConfiguration(options, state);
  const own = { ...options, framework: chosen.framework };
  const { run, control } = openRun({ ...parts, options: own }, state, chosen);
  const token = createAccessToken(state.clusterKey);
  writeAccessToken(options.stateDirectory, token);
  api.lead(control, token);
  run.metrics.set('stevedore_leader', 1);
  cleanup.add(() => api.lead(undefined, undefined));
  const hasTask = (taskId: string) => run.hasTask(taskId);
  const { signal } = run.end;
  const serving = { options: own, term, state, masters, hasTask, log, signal, onProgress };
  try {
    await follow({ run, chosen }, serving, cleanup);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return run.end.finish(run.state, log);
}

/** The exit status. @throws what ends a scheduler */
export async function runTerm(parts: TermParts): Promise<number> {
  const cleanup = new Cleanup(parts.log);
  try {
    return await lead(parts, cleanup);
  } finally {
    await cleanup.run();
  }
}
