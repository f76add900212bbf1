/** Runs one service as one Mesos framework, until it is stopped (tasks go on) or torn down (tasks end). */
import { hostname } from 'node:os';
import { StevedoreError, messageOf } from '../protocol/errors.ts';
import { openApi } from './api/open-api.ts';
import type { ArtifactProgress } from './artifacts.ts';
import { Cleanup } from './cleanup.ts';
import type { Term } from './leadership/leadership.ts';
import { runWithLeadership } from './leadership/run-with-leadership.ts';
import type { Logger } from './log.ts';
import { findLocalAddress } from './mesos/local-address.ts';
import { type Masters, openMasters } from './mesos/masters.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import { createStandby } from './standby.ts';
import { SILENT } from './state/silent-log.ts';
import { lockStateDirectory, prepareWorkDirectory } from './state/state-directory.ts';
import type { StateLocation } from './state/state-location.ts';
import { runTerm } from './term.ts';

export interface SchedulerHooks {
  readonly log: Logger;
  /** Stops the scheduler; every task keeps running. */
  readonly signal: AbortSignal;
  readonly onProgress?: ArtifactProgress;
}

/** For what is of use to executors only. */
const MASTER_PATIENCE_MS = 3000;

interface ProcessParts {
  readonly options: SchedulerOptions;
  readonly hooks: SchedulerHooks;
  readonly masters: Masters;
  readonly location: StateLocation;
  readonly cleanup: Cleanup;
}

/** Alone: the state directory is locked by its store, and the API opens behind that lock. */
async function runAlone({ options, hooks, masters, location, cleanup }: ProcessParts): Promise<number> {
  const { log, signal, onProgress = () => undefined } = hooks;
  const about = { location, cluster: options.configuration.cluster, apiUrl: '', host: hostname() };
  return await runWithLeadership(about, { log, signal }, async (term: Term) => {
    const api = await openApi(options.stateDirectory, options.api);
    cleanup.add(() => api.close());
    if (api.url !== undefined) log.info({ url: api.url }, 'the API answers');
    return await runTerm({ term, options, masters, api, log, onProgress, startedAtMs: Date.now() });
  });
}

/** Undefined: not configured, and no master answers now. */
async function findArtifactHost(
  { server }: SchedulerOptions,
  masters: Masters,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (server.advertisedHost !== undefined) return server.advertisedHost;
  const soon = AbortSignal.any([signal, AbortSignal.timeout(MASTER_PATIENCE_MS)]);
  return await findLocalAddress(masters, SILENT, soon).catch(() => undefined);
}

/** One of several: the API answers while another leads, too. */
async function runInTurn({ options, hooks, masters, location, cleanup }: ProcessParts): Promise<number> {
  const { log, signal, onProgress = () => undefined } = hooks;
  const directory = prepareWorkDirectory(options.stateDirectory);
  const lock = lockStateDirectory(directory);
  cleanup.add(() => lock.release());
  const api = await openApi(directory, options.api);
  cleanup.add(() => api.close());
  if (api.url !== undefined) log.info({ url: api.url }, 'the API answers');
  const { cluster } = options.configuration;
  const artifactHost = await findArtifactHost(options, masters, signal);
  const about = {
    location,
    cluster,
    apiUrl: api.url ?? '',
    caPem: api.caPem,
    host: hostname(),
    artifactHost,
  };
  const openStandby = createStandby({ options, location, api, log });
  let own = options;
  const startedAtMs = Date.now();
  return await runWithLeadership(about, { log, signal, openStandby }, async (term: Term) => {
    const { newFramework: _once, ...later } = own;
    const parts = { term, options: own, masters, api, log, onProgress, startedAtMs };
    own = later;
    return await runTerm(parts);
  });
}

async function run(options: SchedulerOptions, hooks: SchedulerHooks, cleanup: Cleanup): Promise<number> {
  // What can be wrong with the options is said before anything is made.
  const masters = openMasters(options, hooks);
  cleanup.add(() => masters.close());
  const location = options.state ?? {
    kind: 'sqlite',
    directory: options.stateDirectory,
    keyFile: undefined,
  };
  const parts = { options, hooks, masters, location, cleanup };
  return await (location.kind === 'sqlite' ? runAlone(parts) : runInTurn(parts));
}

/** Only what nobody foresaw is for programmers: a disk that is full says so itself. */
function findStack(error: unknown): string | undefined {
  const isForeseen =
    error instanceof StevedoreError || (error as NodeJS.ErrnoException).syscall !== undefined;
  return isForeseen || !(error instanceof Error) ? undefined : error.stack;
}

/**
 * The exit status: 0 after a stop or a teardown, 1 when it cannot go on; the reason is logged. Tasks are ended by a
 * teardown only.
 */
export async function runScheduler(options: SchedulerOptions, hooks: SchedulerHooks): Promise<number> {
  const cleanup = new Cleanup(hooks.log);
  try {
    return await run(options, hooks, cleanup);
  } catch (error) {
    hooks.log.error({ stack: findStack(error) }, messageOf(error));
    // What hangs may still act, and would keep this process alive.
    if (error instanceof StevedoreError && error.code === 'ERR_LEADER_STUCK') process.exit(1);
    return 1;
  } finally {
    await cleanup.run();
  }
}
