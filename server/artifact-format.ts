/** Reads off a file name how its bytes are packed and what it may be called. */
import type { ArtifactFormat } from '../protocol/artifact.ts';
import { StevedoreError } from '../protocol/errors.ts';

const SUFFIXES: readonly (readonly [RegExp, ArtifactFormat])[] = [
  [/\.tar$/i, 'tar'],
  [/\.(?:tar\.gz|tgz)$/i, 'tar.gz'],
  [/\.tar\.zst$/i, 'tar.zst'],
];

/** By the suffix only, as Mesos' fetcher decides. */
export function formatOf(fileName: string): ArtifactFormat {
  return SUFFIXES.find(([suffix]) => suffix.test(fileName))?.[1] ?? 'none';
}

/**
 * A name that can stand as the last segment of a URL and as a file in a sandbox.
 * @throws StevedoreError ERR_ARTIFACT_NAME
 */
export function checkFileName(fileName: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const isPlain = /^[^/\u0000-\u001f\u007f]+$/u.test(fileName) && fileName.isWellFormed();
  if (!isPlain || fileName === '.' || fileName === '..') {
    throw new StevedoreError('ERR_ARTIFACT_NAME', { fileName });
  }
  return fileName;
}

/**
 * Lower-case digest of a pin.
 * @throws StevedoreError ERR_ARTIFACT_DIGEST_SYNTAX
 */
export function parseDigest(value: string): string {
  const digest = value.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new StevedoreError('ERR_ARTIFACT_DIGEST_SYNTAX', { value });
  return digest;
}
