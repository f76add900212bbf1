/** Runs one service as one Mesos framework, until it is stopped (tasks go on) or torn down (tasks end). */
import { join } from 'node:path';
import { StevedoreError, messageOf } from '../protocol/errors.ts';
import type { SchedulerEvent } from '../protocol/mesos/scheduler.ts';
import { renderBundleCommand } from '../protocol/bundle.ts';
import {
  type ArtifactServer,
  createArtifactServer,
  createTaskToken,
  verifyTaskToken,
} from '../server/artifact-server.ts';
import { openApiServer } from './api/server.ts';
import { type ArtifactProgress, registerArtifacts, registerBundle } from './artifacts.ts';
import type { LaunchSurroundings } from './core/task-info.ts';
import { toRemembered } from './core/teardown.ts';
import { toDesiredDigest } from './desired-digest.ts';
import { FrameworkRun } from './framework-run.ts';
import type { Logger } from './log.ts';
import { readAuthorization } from './mesos/credential.ts';
import { findLocalAddress } from './mesos/local-address.ts';
import { createFixedDetector } from './mesos/master-detector.ts';
import { runConnection } from './mesos/scheduler-connection.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import { openStateStore } from './state/sqlite-state-store.ts';
import { lockStateDirectory, prepareStateDirectory } from './state/state-directory.ts';
import type { StateStore } from './state/state-store.ts';

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

function openState(options: SchedulerOptions, log: Logger, cleanup: Cleanup): StateStore {
  const directory = prepareStateDirectory(options.stateDirectory);
  const lock = lockStateDirectory(directory);
  cleanup.push(() => lock.release());
  const store = openStateStore(directory, options.spec.cluster);
  cleanup.push(() => store.close());
  const stored = store.read();
  if (options.newFramework === true && stored.frameworkId !== undefined) {
    log.warn({ frameworkId: stored.frameworkId }, 'forgets the framework and its tasks, as asked');
    const changed = stored.instances.map((instance) => toRemembered(instance, Date.now()));
    store.persist({ frameworkId: null, changed, removed: [] });
  }
  const digest = toDesiredDigest(options.spec);
  if (stored.desiredDigest !== undefined && stored.desiredDigest !== digest)
    log.info({}, 'the configuration has changed: tasks that run keep the old one until they are restarted');
  store.persistDesiredDigest(digest);
  return store;
}

async function openArtifacts(
  options: SchedulerOptions,
  run: { readonly clusterKey: Uint8Array; readonly hasTask: (taskId: string) => boolean },
  hooks: SchedulerHooks,
): Promise<ArtifactServer> {
  const { server, master, stateDirectory } = options;
  const { log, signal } = hooks;
  const address = await createFixedDetector(master).detect(signal);
  const host = server.advertisedHost ?? (await findLocalAddress(address, log, signal));
  return await createArtifactServer({
    storeDirectory: server.storeDirectory,
    certificateDirectory: join(stateDirectory, 'certs'),
    bindHost: server.bindHost,
    tlsPort: server.tlsPort,
    plainPort: server.plainPort,
    advertisedHosts: [host],
    authorize: (taskId, sha256, token) =>
      verifyTaskToken(run.clusterKey, taskId, sha256, token) && run.hasTask(taskId),
    now: Date.now,
    log,
  });
}

async function prepareLaunches(
  options: SchedulerOptions,
  server: ArtifactServer,
  clusterKey: Uint8Array,
  hooks: SchedulerHooks,
): Promise<LaunchSurroundings> {
  const register = { signal: hooks.signal, onProgress: hooks.onProgress ?? (() => undefined) };
  const bundleUrl = await registerBundle(server, options.bundle, register);
  const artifacts = await registerArtifacts(server, options.spec.artifacts, register);
  hooks.log.info({ tls: server.tlsUrl, plain: server.plainUrl, bundle: bundleUrl }, 'artifacts are served');
  return {
    spec: options.spec,
    user: options.framework.user,
    servers: [server.tlsUrl],
    trust: [server.caPem],
    executorCommand: renderBundleCommand(options.bundle.manifest, bundleUrl),
    artifacts,
    createToken: (taskId, sha256) => createTaskToken(clusterKey, taskId, sha256),
  };
}

function startTicking(run: FrameworkRun): () => void {
  const timer = setInterval(() => run.dispatch({ kind: 'tick' }), TICK_MS);
  return () => clearInterval(timer);
}

async function serve(options: SchedulerOptions, hooks: SchedulerHooks, cleanup: Cleanup): Promise<number> {
  const { log } = hooks;
  const authorization = readAuthorization(options.framework);
  const store = openState(options, log, cleanup);
  const { clusterKey } = store.read();
  const run = new FrameworkRun({ options, store, log, signal: hooks.signal });
  const server = await openArtifacts(options, { clusterKey, hasTask: (id) => run.hasTask(id) }, hooks);
  cleanup.push(() => server.close(0));
  run.setSurroundings(await prepareLaunches(options, server, clusterKey, hooks));
  const api = await openApiServer(options.stateDirectory, run);
  cleanup.push(() => api.close());
  cleanup.push(startTicking(run));
  await runConnection({
    detector: createFixedDetector(options.master),
    authorization,
    principal: options.framework.principal,
    createSubscribe: () => run.createSubscribe(),
    onOpen: (stream) => run.open(stream),
    onEvent: (event: SchedulerEvent) => run.receive(event),
    onClose: (reason) => run.close(reason),
    log,
    chance: Math.random,
    signal: run.ended,
  });
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
    if (hooks.signal.aborted) return 0;
    const stack = error instanceof StevedoreError || !(error instanceof Error) ? undefined : error.stack;
    hooks.log.error({ stack }, messageOf(error));
    return 1;
  } finally {
    await closeAll(cleanup, hooks.log);
  }
}
