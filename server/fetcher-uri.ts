/** An artifact as Mesos' fetcher takes it (`CommandInfo.URI` in mesos.proto). */
import { type ArtifactManifestEntry, renderArtifactPath } from '../protocol/artifact.ts';

export interface FetcherUri {
  readonly value: string;
  readonly extract: boolean;
  /** Always true: the address holds the digest, so what is cached never goes stale. */
  readonly cache: true;
  /** Only where the name had to be escaped: the fetcher does not undo that. */
  readonly output_file?: string;
}

/** By the suffix only; neither .zst nor .jar are among them. */
const EXTRACTED = /\.(?:tar|tgz|tar\.gz|tbz2|tar\.bz2|txz|tar\.xz|gz|zip)$/;

export function renderFetcherUri(entry: ArtifactManifestEntry, baseUrl: string): FetcherUri {
  const path = renderArtifactPath(entry);
  const isEscaped = !path.endsWith(`/${entry.fileName}`);
  return {
    value: `${baseUrl}${path}`,
    extract: EXTRACTED.test(entry.fileName),
    cache: true,
    // Fetchers of the 1.x era hand this name to a shell between apostrophes.
    ...(isEscaped ? { output_file: entry.fileName.replace(/['\\]/g, '_') } : {}),
  };
}
