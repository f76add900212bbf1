/** The artifact server of one scheduler, and all that launches need of it. */
import { join } from 'node:path';
import { renderBundleCommand } from '../protocol/bundle.ts';
import { StevedoreError } from '../protocol/errors.ts';
import {
  type ArtifactServer,
  createArtifactServer,
  createTaskToken,
  verifyTaskToken,
} from '../server/artifact-server.ts';
import { listArtifactServers } from './artifact-servers.ts';
import { type ArtifactProgress, registerArtifacts, registerBundle } from './artifacts.ts';
import type { ChosenConfiguration } from './configuration-choice.ts';
import type { LaunchSurroundings } from './core/task-info.ts';
import type { Logger } from './log.ts';
import { findLocalAddress } from './mesos/local-address.ts';
import type { Term } from './leadership/leadership.ts';
import type { Masters } from './mesos/masters.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import { createStateAuthority } from './state/state-authority.ts';
import type { SchedulerState, ServedPorts } from './state/scheduler-state.ts';

export interface ServingParts {
  readonly options: SchedulerOptions;
  readonly term: Pick<Term, 'records' | 'place' | 'listOthers'>;
  readonly masters: Masters;
  readonly state: SchedulerState;
  /** True while the task may still ask for its artifacts. */
  readonly hasTask: (taskId: string) => boolean;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly onProgress: ArtifactProgress;
}

function listen(parts: ServingParts, ports: ServedPorts, host: string): Promise<ArtifactServer> {
  const { server, stateDirectory } = parts.options;
  const { clusterKey } = parts.state;
  const { records, place } = parts.term;
  const certificateDirectory = join(stateDirectory, 'certs');
  return createArtifactServer({
    storeDirectory: server.storeDirectory,
    certificateDirectory,
    authority: createStateAuthority({ records, place, formerDirectory: certificateDirectory }),
    bindHost: server.bindHost,
    tlsPort: ports.tls,
    plainPort: ports.plain,
    advertisedHosts: [host],
    authorize: (taskId, sha256, token) =>
      verifyTaskToken(clusterKey, taskId, sha256, token) && parts.hasTask(taskId),
    takesOver: parts.state.servedPorts !== undefined,
    now: Date.now,
    log: parts.log,
  });
}

/** A restarted scheduler serves where it did before: executors that are still fetching go on. */
async function listenAgain(parts: ServingParts, host: string): Promise<ArtifactServer> {
  const { tlsPort, plainPort } = parts.options.server;
  const { servedPorts } = parts.state;
  const configured = { tls: tlsPort, plain: plainPort };
  if (servedPorts === undefined) return await listen(parts, configured, host);
  try {
    return await listen(
      parts,
      { tls: tlsPort || servedPorts.tls, plain: plainPort || servedPorts.plain },
      host,
    );
  } catch (error) {
    if (!(error instanceof StevedoreError) || error.code !== 'ERR_SERVER_LISTEN') throw error;
    return await listen(parts, configured, host);
  }
}

/** @throws what listening throws; the signal's reason while the Mesos master is not there. */
export async function openArtifactServer(parts: ServingParts): Promise<ArtifactServer> {
  const { options, masters, log, signal, state } = parts;
  const host = options.server.advertisedHost ?? (await findLocalAddress(masters, log, signal));
  const server = await listenAgain(parts, host);
  const portOf = (url: string | undefined) => Number(new URL(url ?? 'http://host:0').port);
  await state.persistServedPorts({ tls: portOf(server.tlsUrl), plain: portOf(server.plainUrl) });
  return server;
}

export async function prepareLaunches(
  server: ArtifactServer,
  parts: ServingParts,
  { spec, framework }: Pick<ChosenConfiguration, 'spec' | 'framework'>,
): Promise<LaunchSurroundings> {
  const { options, log } = parts;
  const { clusterKey } = parts.state;
  const bundleUrl = await registerBundle(server, options.bundle, parts);
  const artifacts = await registerArtifacts(server, spec.artifacts, parts);
  log.info({ tls: server.tlsUrl, plain: server.plainUrl, bundle: bundleUrl }, 'artifacts are served');
  return {
    spec,
    user: framework.user,
    get servers() {
      return listArtifactServers(server.tlsUrl, parts.term.listOthers());
    },
    trust: server.trustPems,
    executorCommand: renderBundleCommand(options.bundle.manifest, bundleUrl),
    artifacts,
    createToken: (taskId, sha256) => createTaskToken(clusterKey, taskId, sha256),
  };
}
