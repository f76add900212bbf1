/** Registers what a service and the executors need with the artifact server, before the first launch. */
import { basename } from 'node:path';
import { type ArtifactManifestEntry, renderArtifactPath } from '../protocol/artifact.ts';
import { StevedoreError } from '../protocol/errors.ts';
import type { ArtifactIntake, ArtifactServer, WorkOptions } from '../server/artifact-server.ts';
import type { ArtifactRequest } from './core/service-spec.ts';
import type { Logger } from './log.ts';
import type { BundleOptions } from './scheduler-options.ts';

/** What is being made ready, for progress bars. */
export type ArtifactProgress = (artifact: string, doneBytes: number, totalBytes: number | undefined) => void;

export interface RegisterOptions {
  readonly signal: AbortSignal;
  readonly onProgress: ArtifactProgress;
  readonly log: Logger;
}

function register(
  server: ArtifactIntake,
  request: ArtifactRequest,
  work: WorkOptions,
): Promise<ArtifactManifestEntry> {
  const { source, format } = request;
  switch (source.kind) {
    case 'file':
      return server.addFile(source.path, {
        ...work,
        class: request.class,
        format,
        fileName: basename(source.path),
      });
    case 'url':
      return server.addUrl(source.url, { ...work, class: request.class, sha256: source.sha256 });
    case 'directory':
      return server.addDirectory(source.path, {
        ...work,
        class: request.class,
        topFolder: source.topFolder,
        ...(source.exclude && { exclude: source.exclude }),
      });
    case 'bytes':
      return Promise.resolve(server.addBytes(source.fileName, source.bytes, request.class));
  }
}

/** One after the other: each is bound by one disk or one upstream. */
export async function registerArtifacts(
  server: ArtifactIntake,
  requests: readonly ArtifactRequest[],
  { signal, onProgress, log }: RegisterOptions,
): Promise<Record<string, ArtifactManifestEntry>> {
  const entries: Record<string, ArtifactManifestEntry> = {};
  for (const request of requests) {
    const progress = (done: number, total: number | undefined) => onProgress(request.name, done, total);
    const entry = await register(server, request, { signal, progress });
    const { class: artifactClass, sha256, sizeBytes } = entry;
    log.info({ artifact: request.name, class: artifactClass, sha256, sizeBytes }, 'artifact is ready');
    entries[request.name] = { ...entry, format: request.format ?? entry.format };
  }
  return entries;
}

/** @returns the URL for Mesos' fetcher. @throws StevedoreError ERR_BUNDLE_MISSING when the archive is not the built one. */
export async function registerBundle(
  server: ArtifactServer,
  bundle: BundleOptions,
  { signal }: RegisterOptions,
): Promise<string> {
  if (bundle.url !== undefined) return bundle.url;
  const { archivePath, manifest } = bundle;
  const entry = await server.addFile(archivePath, { class: 'public', fileName: manifest.fileName, signal });
  if (entry.sha256 !== manifest.sha256)
    throw new StevedoreError('ERR_BUNDLE_MISSING', {
      directory: archivePath,
      problem: `its digest is ${entry.sha256}, the build noted ${manifest.sha256}`,
    });
  return `${server.plainUrl ?? server.tlsUrl}${renderArtifactPath(entry)}`;
}
