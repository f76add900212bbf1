/**
 * The executor bundle: the one archive that goes through the Mesos fetcher. It unpacks to `stevedore-executor/` with the
 * executable, its own loader and libraries, a `run` script and `SHA256SUMS` over all of them.
 */
import type { CommandInfo } from './mesos/task.ts';

/** Folder inside the archive. */
export const BUNDLE_FOLDER = 'stevedore-executor';

/** Written beside the archive by the build: `executor-bundle.json`. */
export interface BundleManifest {
  /** `stevedore-executor-linux-x64.tar.gz` */
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Of the archive. */
  readonly sha256: string;
  /** Of the file SHA256SUMS inside, which in turn names the digest of every other file. */
  readonly sumsSha256: string;
}

/**
 * The executor's command: nothing of the archive runs before its digests are right. Only /bin/sh and sha256sum of the
 * agent are used; the shell execs, so signals reach the executor.
 */
export function renderBundleCommand(bundle: BundleManifest, url: string): CommandInfo {
  const check = `echo '${bundle.sumsSha256}  SHA256SUMS' | sha256sum -c - >/dev/null && sha256sum -c SHA256SUMS >/dev/null`;
  const refusal = `{ echo 'stevedore: the executor bundle is not the one that the scheduler serves: its digests differ' >&2; exit 1; }`;
  return {
    shell: true,
    value: `cd ${BUNDLE_FOLDER} && { ${check} || ${refusal}; } && exec ./run`,
    uris: [{ value: url, extract: true, executable: false, cache: true }],
  };
}
