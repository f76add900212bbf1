/** How artifacts are named between scheduler, server and executor: by the SHA-256 of their bytes, never by an upstream URL. */

/** *public* may be listed, cached and fetched by anybody; *secret* only over TLS with the task's token. */
export type ArtifactClass = 'public' | 'secret';

/** How the served bytes are packed. `none` is a plain file. */
export type ArtifactFormat = 'tar' | 'tar.gz' | 'tar.zst' | 'none';

/** One artifact as a launch spec names it. */
export interface ArtifactRef {
  /** What placeholders call it: `alluxio`, `jdk`, `site`. */
  readonly name: string;
  /** Lower-case hex SHA-256 of the bytes that are served. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly fileName: string;
  readonly class: ArtifactClass;
  readonly format: ArtifactFormat;
  /** Secret artifacts only: base64url of HMAC-SHA256(cluster key, task id, digest). */
  readonly token?: string | undefined;
}

/** An entry of the server's register. */
export interface ArtifactManifestEntry {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly fileName: string;
  readonly class: ArtifactClass;
  readonly format: ArtifactFormat;
}

/** Path on the artifact server; immutable, since the digest is in it. */
export function renderArtifactPath(artifact: { readonly sha256: string; readonly fileName: string }): string {
  // Mesos' fetcher refuses a URI with an apostrophe, which encodeURIComponent leaves as it is.
  return `/artifacts/${artifact.sha256}/${encodeURIComponent(artifact.fileName).replaceAll("'", '%27')}`;
}

/** The `Authorization` header under which a task fetches a secret artifact. */
export function renderTaskAuthorization(taskId: string, token: string): string {
  return `Bearer ${Buffer.from(taskId).toString('base64url')}.${token}`;
}

/** Reads what `renderTaskAuthorization` wrote; undefined when it is of another form. */
export function parseTaskAuthorization(
  header: string | undefined,
): { taskId: string; token: string } | undefined {
  const match = /^Bearer ([\w-]+)\.([\w-]+)$/.exec(header ?? '');
  if (match === null) return undefined;
  return { taskId: Buffer.from(match[1] as string, 'base64url').toString(), token: match[2] as string };
}
